package io.smartdoor.lock.snapshot;

/**
 * A picture as it is kept: a JPEG that was written here, upright, and without anything but its
 * pixels. The bytes are not copied, and are not to be changed.
 */
final class Picture {

  private final byte[] jpeg;
  private final int width;
  private final int height;

  /**
   * @param width in pixels
   * @param height in pixels
   */
  Picture(byte[] jpeg, int width, int height) {
    this.jpeg = jpeg;
    this.width = width;
    this.height = height;
  }

  byte[] jpeg() {
    return jpeg;
  }

  int width() {
    return width;
  }

  int height() {
    return height;
  }
}
