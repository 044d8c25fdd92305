package io.smartdoor.lock.snapshot;

/**
 * What a file says of its picture before anything is decoded, and the file without whatever is not
 * needed for decoding it. The bytes are not copied, and are not to be changed.
 */
final class Outline {

  private final int width;
  private final int height;
  private final Orientation orientation;
  private final byte[] bare;

  /**
   * @param width in pixels; more than 0
   * @param height in pixels; more than 0
   */
  Outline(int width, int height, Orientation orientation, byte[] bare) {
    this.width = width;
    this.height = height;
    this.orientation = orientation;
    this.bare = bare;
  }

  int width() {
    return width;
  }

  int height() {
    return height;
  }

  Orientation orientation() {
    return orientation;
  }

  byte[] bare() {
    return bare;
  }

  /** Whether it would have that many pixels at most. */
  boolean isWithin(long most) {
    return (long) width * height <= most;
  }
}
