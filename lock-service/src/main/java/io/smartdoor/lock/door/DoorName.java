package io.smartdoor.lock.door;

/**
 * What a door's owner calls it: 1 to {@value #MAX_LENGTH} characters, no control characters and
 * nothing else that the queues refuse on the name's way to who reads it.
 *
 * <p>Amazon SQS takes what XML 1.0 calls a character (<a
 * href="https://www.w3.org/TR/xml/#charsets">production Char</a>; <a
 * href="https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html">SendMessage</a>,
 * "InvalidMessageContents"): no half of a surrogate pair, and neither U+FFFE nor U+FFFF.
 */
public record DoorName(String value) {

  static final int MAX_LENGTH = 64;

  /** The same in a JSON Schema. */
  static final String PATTERN = "^[^\\u0000-\\u001f\\u007f-\\u009f\\ufffe\\uffff]*$";

  public DoorName {
    var length = value.codePointCount(0, value.length());
    if (length < 1 || length > MAX_LENGTH) {
      throw new IllegalArgumentException(
          "expected 1 to %d characters, found %d".formatted(MAX_LENGTH, length));
    }
    if (!value.codePoints().allMatch(DoorName::isAllowed)) {
      throw new IllegalArgumentException(
          "expected no control characters, none of U+FFFE and U+FFFF, and no half of a pair");
    }
  }

  private static boolean isAllowed(int character) {
    return isXml(character) && Character.getType(character) != Character.CONTROL;
  }

  /** XML 1.0, production Char. */
  private static boolean isXml(int character) {
    return character == '\t'
        || character == '\n'
        || character == '\r'
        || (character >= 0x20 && character <= 0xD7FF)
        || (character >= 0xE000 && character <= 0xFFFD)
        || character >= 0x10000;
  }

  @Override
  public String toString() {
    return value;
  }
}
