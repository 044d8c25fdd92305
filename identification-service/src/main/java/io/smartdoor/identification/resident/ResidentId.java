package io.smartdoor.identification.resident;

import io.smartdoor.events.Identifiers;

/**
 * Which resident: 1 to 64 lower-case letters, digits and hyphens, the first no hyphen. What to call
 * them is no business of identification.
 */
record ResidentId(String value) {

  /** The form of an id, as a regular expression. */
  static final String FORM = Identifiers.FORM;

  ResidentId {
    Identifiers.check("a resident id", value);
  }

  @Override
  public String toString() {
    return value;
  }
}
