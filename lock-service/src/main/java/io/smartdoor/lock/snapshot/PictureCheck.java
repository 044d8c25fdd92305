package io.smartdoor.lock.snapshot;

/** What becomes of bytes that are to be a picture. */
sealed interface PictureCheck {

  /** It is one, and this is what is kept of it. */
  record Sound(PictureFormat format, Picture picture) implements PictureCheck {}

  /** Neither of the formats. */
  record Unknown() implements PictureCheck {}

  /** It says that it is larger than what is decoded; nothing of it was. */
  record TooManyPixels(int width, int height, long most) implements PictureCheck {}

  /**
   * It is cut off, damaged, or of a kind that is not read here.
   *
   * @param problem what was expected, and what was found
   */
  record Unusable(String problem) implements PictureCheck {}
}
