package io.smartdoor.lock.snapshot;

/**
 * How a camera was held, as its picture says (Exif 2.32, tag 0x0112): which side of what is stored
 * is up. In the order of the tag's values, from 1.
 */
enum Orientation {
  UPRIGHT(false, false, false),
  MIRRORED(false, true, false),
  UPSIDE_DOWN(false, true, true),
  MIRRORED_UPSIDE_DOWN(false, false, true),
  TRANSPOSED(true, false, false),
  TURNED_LEFT(true, false, true),
  TRANSVERSED(true, true, true),
  TURNED_RIGHT(true, true, false);

  /** Of Exif's tag. */
  static final int TAG = 0x0112;

  private final boolean transposes;
  private final boolean flipsX;
  private final boolean flipsY;

  Orientation(boolean transposes, boolean flipsX, boolean flipsY) {
    this.transposes = transposes;
    this.flipsX = flipsX;
    this.flipsY = flipsY;
  }

  /** By the tag's value; upright where there is none of that value. */
  static Orientation of(int value) {
    return value >= 1 && value <= values().length ? values()[value - 1] : UPRIGHT;
  }

  /** Of the upright picture. */
  int width(int width, int height) {
    return transposes ? height : width;
  }

  /** Of the upright picture. */
  int height(int width, int height) {
    return transposes ? width : height;
  }

  /** Where a pixel goes in the upright picture, as its number, row by row. */
  int indexOf(int x, int y, int width, int height) {
    var across = flipsX ? width - 1 - x : x;
    var down = flipsY ? height - 1 - y : y;
    return transposes ? across * height + down : down * width + across;
  }
}
