package io.smartdoor.notification.recipient;

import io.smartdoor.events.Identifiers;

/** Which recipient: 1 to 64 lower-case letters, digits and hyphens, the first no hyphen. */
public record RecipientId(String value) {

  /** The form of an id, as a regular expression. */
  public static final String FORM = Identifiers.FORM;

  public RecipientId {
    Identifiers.check("a recipient id", value);
  }

  @Override
  public String toString() {
    return value;
  }
}
