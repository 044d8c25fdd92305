package io.smartdoor.notification.recipient;

import java.util.regex.Pattern;

/** Which recipient: 1 to 64 lower-case letters, digits and hyphens, the first no hyphen. */
public record RecipientId(String value) {

  /** The form of an id, as a regular expression. */
  public static final String FORM = "[a-z0-9][a-z0-9-]{0,63}";

  private static final Pattern PATTERN = Pattern.compile(FORM);

  public RecipientId {
    if (!PATTERN.matcher(value).matches()) {
      throw new IllegalArgumentException(
          "expected a recipient id of the form %s, found \"%s\"".formatted(FORM, value));
    }
  }

  @Override
  public String toString() {
    return value;
  }
}
