package io.smartdoor.identification.face;

import java.util.Optional;

/**
 * What a picture's file says of itself, read without decoding it: nothing is decoded that is not
 * what it says, or larger than the {@linkplain PictureLimits budget}.
 */
final class PictureFile {

  private static final long PNG_SIGNATURE = 0x89504E470D0A1A0AL;

  /** Length, then IHDR: https://www.w3.org/TR/png-3/#11IHDR. */
  private static final long PNG_HEADER = 0x0000000D49484452L;

  private PictureFile() {}

  /** Why {@code file} is not to be decoded; empty if it may be. */
  static Optional<UnreadablePicture> refusal(byte[] file) {
    if (file.length > PictureLimits.MOST_BYTES) {
      return Optional.of(UnreadablePicture.TOO_MANY_BYTES);
    }
    if (file.length >= 3 && u16(file, 0) == 0xFFD8 && u8(file, 2) == 0xFF) {
      return jpeg(file);
    }
    if (file.length >= 8 && u64(file, 0) == PNG_SIGNATURE) {
      return png(file);
    }
    return Optional.of(UnreadablePicture.NEITHER_JPEG_NOR_PNG);
  }

  private static Optional<UnreadablePicture> png(byte[] file) {
    if (file.length < 33 || u64(file, 8) != PNG_HEADER) {
      return Optional.of(UnreadablePicture.BROKEN);
    }
    return size(u32(file, 16), u32(file, 20));
  }

  /**
   * Segments until the frame's header, which has the size;
   * https://www.w3.org/Graphics/JPEG/itu-t81.pdf, B.1.1.
   */
  private static Optional<UnreadablePicture> jpeg(byte[] file) {
    var at = 2;
    while (at + 9 < file.length) {
      if (u8(file, at) != 0xFF) {
        return Optional.of(UnreadablePicture.BROKEN);
      }
      var marker = u8(file, at + 1);
      if (marker == 0xFF) {
        at++;
      } else if (isFrame(marker)) {
        return scans(file) > PictureLimits.MOST_SCANS
            ? Optional.of(UnreadablePicture.TOO_MANY_PIXELS)
            : size(u16(file, at + 7), u16(file, at + 5));
      } else {
        at += 2 + u16(file, at + 2);
      }
    }
    return Optional.of(UnreadablePicture.BROKEN);
  }

  /** SOF0 to SOF15, without DHT, JPG and DAC, which stand among them. */
  private static boolean isFrame(int marker) {
    return marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
  }

  /** Bytes of pixels never look like a marker: 0xFF is followed by 0 in them. */
  private static int scans(byte[] file) {
    var scans = 0;
    for (var i = 0; i + 1 < file.length; i++) {
      if (file[i] == (byte) 0xFF && file[i + 1] == (byte) 0xDA) {
        scans++;
      }
    }
    return scans;
  }

  private static Optional<UnreadablePicture> size(long width, long height) {
    if (width == 0 || height == 0) {
      return Optional.of(UnreadablePicture.BROKEN);
    }
    return width * height > PictureLimits.MOST_PIXELS
        ? Optional.of(UnreadablePicture.TOO_MANY_PIXELS)
        : Optional.empty();
  }

  private static int u8(byte[] file, int at) {
    return file[at] & 0xFF;
  }

  private static int u16(byte[] file, int at) {
    return u8(file, at) << 8 | u8(file, at + 1);
  }

  private static long u32(byte[] file, int at) {
    return (long) u16(file, at) << 16 | u16(file, at + 2);
  }

  private static long u64(byte[] file, int at) {
    return u32(file, at) << 32 | u32(file, at + 4);
  }
}
