package io.smartdoor.identification.resident;

import java.util.regex.Pattern;

/**
 * Which resident: 1 to 64 lower-case letters, digits and hyphens, the first no hyphen. What to call
 * them is no business of identification.
 */
record ResidentId(String value) {

  /** The form of an id, as a regular expression. */
  static final String FORM = "[a-z0-9][a-z0-9-]{0,63}";

  private static final Pattern PATTERN = Pattern.compile(FORM);

  ResidentId {
    if (!isValid(value)) {
      throw new IllegalArgumentException(
          "expected a resident id of the form %s, found \"%s\"".formatted(FORM, value));
    }
  }

  /** Whether {@code text} can be a resident's id. */
  static boolean isValid(String text) {
    return PATTERN.matcher(text).matches();
  }

  @Override
  public String toString() {
    return value;
  }
}
