package io.smartdoor.lock.outbox;

/** Why somebody gave an event up: one line of 1 to {@value #MAX_LENGTH} printable characters. */
record DropReason(String value) {

  static final int MAX_LENGTH = 256;

  DropReason {
    var fits =
        !value.isBlank()
            && value.length() <= MAX_LENGTH
            && value.codePoints().noneMatch(DropReason::isUnprintable);
    if (!fits) {
      throw new IllegalArgumentException(
          "expected one line of 1 to %d printable characters".formatted(MAX_LENGTH));
    }
  }

  private static boolean isUnprintable(int character) {
    var type = Character.getType(character);
    return Character.isISOControl(character)
        || type == Character.SURROGATE
        || type == Character.UNASSIGNED
        || type == Character.LINE_SEPARATOR
        || type == Character.PARAGRAPH_SEPARATOR;
  }
}
