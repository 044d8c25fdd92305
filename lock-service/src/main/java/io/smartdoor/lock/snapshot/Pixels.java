package io.smartdoor.lock.snapshot;

import java.awt.image.BufferedImage;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBufferByte;
import java.util.Arrays;

/** Brings decoded pixels into the form in which they are kept: grey or RGB, opaque, upright. */
final class Pixels {

  private static final int OPAQUE = 0xFF;

  private Pixels() {}

  /**
   * {@code image} itself, where it is in that form. What is transparent is seen on white. Of grey
   * values the values count, not Java's idea of what brightness they stand for.
   */
  static BufferedImage upright(BufferedImage image, Orientation orientation) {
    var isPlain =
        image.getType() == BufferedImage.TYPE_3BYTE_BGR
            || image.getType() == BufferedImage.TYPE_BYTE_GRAY;
    if (isPlain && orientation == Orientation.UPRIGHT) {
      return image;
    }
    var width = image.getWidth();
    var height = image.getHeight();
    var isGrey = image.getType() == BufferedImage.TYPE_BYTE_GRAY;
    var target =
        new BufferedImage(
            orientation.width(width, height),
            orientation.height(width, height),
            isGrey ? BufferedImage.TYPE_BYTE_GRAY : BufferedImage.TYPE_3BYTE_BGR);
    var bytes = ((DataBufferByte) target.getRaster().getDataBuffer()).getData();
    for (var y = 0; y < height; y++) {
      var row = row(image, y);
      for (var x = 0; x < width; x++) {
        var at = orientation.indexOf(x, y, width, height);
        if (isGrey) {
          bytes[at] = (byte) row[x];
        } else {
          bytes[3 * at] = (byte) row[x];
          bytes[3 * at + 1] = (byte) (row[x] >> 8);
          bytes[3 * at + 2] = (byte) (row[x] >> 16);
        }
      }
    }
    return target;
  }

  /** One row, as opaque RGB: blue in the lowest byte. */
  private static int[] row(BufferedImage image, int y) {
    var width = image.getWidth();
    if (!(image.getColorModel() instanceof ComponentColorModel)) {
      var row = image.getRGB(0, y, width, 1, null, 0, width);
      Arrays.setAll(
          row, x -> rgb((row[x] >> 16) & 0xFF, (row[x] >> 8) & 0xFF, row[x] & 0xFF, row[x] >>> 24));
      return row;
    }
    var bands = image.getRaster().getNumBands();
    var samples = image.getRaster().getPixels(0, y, width, 1, (int[]) null);
    var row = new int[width];
    for (var x = 0; x < width; x++) {
      var at = x * bands;
      row[x] =
          switch (bands) {
            case 1 -> rgb(samples[at], samples[at], samples[at], OPAQUE);
            case 2 -> rgb(samples[at], samples[at], samples[at], samples[at + 1]);
            case 3 -> rgb(samples[at], samples[at + 1], samples[at + 2], OPAQUE);
            default -> rgb(samples[at], samples[at + 1], samples[at + 2], samples[at + 3]);
          };
    }
    return row;
  }

  private static int rgb(int red, int green, int blue, int alpha) {
    return (onWhite(red, alpha) << 16) | (onWhite(green, alpha) << 8) | onWhite(blue, alpha);
  }

  private static int onWhite(int value, int alpha) {
    return (value * alpha + 255 * (OPAQUE - alpha) + 127) / OPAQUE;
  }
}
