package io.smartdoor.lock.door;

/** What a door's owner calls it: 1 to {@value #MAX_LENGTH} characters, no control characters. */
public record DoorName(String value) {

  static final int MAX_LENGTH = 64;

  /** The same in a JSON Schema. */
  static final String PATTERN = "^[^\\u0000-\\u001f\\u007f-\\u009f]*$";

  public DoorName {
    var length = value.codePointCount(0, value.length());
    if (length < 1 || length > MAX_LENGTH) {
      throw new IllegalArgumentException(
          "expected 1 to %d characters, found %d".formatted(MAX_LENGTH, length));
    }
    if (!value.codePoints().allMatch(DoorName::isAllowed)) {
      throw new IllegalArgumentException("expected no control characters");
    }
  }

  /** Half of a surrogate pair is no character, and cannot be written as UTF-8. */
  private static boolean isAllowed(int character) {
    return switch (Character.getType(character)) {
      case Character.CONTROL, Character.SURROGATE -> false;
      default -> true;
    };
  }

  @Override
  public String toString() {
    return value;
  }
}
