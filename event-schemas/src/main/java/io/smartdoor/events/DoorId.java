package io.smartdoor.events;

/** Which door: 1 to 64 lower-case letters, digits and hyphens, the first no hyphen. */
public record DoorId(String value) {

  /** The form of an id, as a regular expression. */
  public static final String FORM = Identifiers.FORM;

  public DoorId {
    Identifiers.check("a door id", value);
  }

  /** Whether {@code text} can be a door's id. */
  public static boolean isValid(String text) {
    return Identifiers.isValid(text);
  }

  /** EventBridge's {@code resources} entry for this door. */
  public String asResource() {
    return "door/" + value;
  }

  @Override
  public String toString() {
    return value;
  }
}
