package io.smartdoor.lock.snapshot;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The one thing that is read of what a camera writes beside a picture. Nothing of it is kept. */
final class Exif {

  private static final int MAGIC = 42;
  private static final int SHORT = 3;

  private Exif() {}

  /**
   * How the camera was held; upright where it does not say, or what it says makes no sense.
   *
   * @param tiff the block, from its byte order on (TIFF 6.0, section 2)
   */
  static Orientation orientation(ByteBuffer tiff) {
    try {
      var block = tiff.slice();
      switch (block.getShort()) {
        case 0x4949 -> block.order(ByteOrder.LITTLE_ENDIAN);
        case 0x4D4D -> block.order(ByteOrder.BIG_ENDIAN);
        default -> {
          return Orientation.UPRIGHT;
        }
      }
      if (block.getShort() != MAGIC) {
        return Orientation.UPRIGHT;
      }
      block.position(block.getInt());
      for (var entries = Short.toUnsignedInt(block.getShort()); entries > 0; entries--) {
        var tag = Short.toUnsignedInt(block.getShort());
        var type = block.getShort();
        var count = block.getInt();
        var first = block.getShort();
        block.getShort();
        if (tag == Orientation.TAG) {
          return type == SHORT && count == 1 ? Orientation.of(first) : Orientation.UPRIGHT;
        }
      }
    } catch (BufferUnderflowException | IllegalArgumentException _) {
      // Cut off, or a place outside it.
    }
    return Orientation.UPRIGHT;
  }
}
