package io.smartdoor.lock.snapshot;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * Walks through a JPEG file, segment by segment (ITU-T T.81, annex B), without decoding anything.
 * Keeps what its pixels are made of; application segments, comments and whatever follows the
 * picture are left out.
 */
final class JpegOutline {

  /**
   * Each scan of a progressive picture may touch all of its pixels, and takes a few bytes: a
   * thousand of them are a bomb of time. Encoders write some ten.
   */
  static final int MOST_SCANS = 32;

  private static final int SOI = 0xD8;
  private static final int EOI = 0xD9;
  private static final int SOS = 0xDA;
  private static final int DHT = 0xC4;
  private static final int DQT = 0xDB;
  private static final int DRI = 0xDD;
  private static final int APP1 = 0xE1;
  private static final int APP14 = 0xEE;

  private static final byte[] EXIF = "Exif\0\0".getBytes(US_ASCII);
  private static final byte[] ADOBE = "Adobe".getBytes(US_ASCII);

  /** Says no more than that there is no Adobe segment, and so that colours are YCbCr. */
  private static final byte[] JFIF =
      HexFormat.of().parseHex("FFE000104A46494600010100000100010000");

  private final ByteBuffer file;
  private final ByteArrayOutputStream kept;
  private @Nullable Frame frame;
  private Orientation orientation = Orientation.UPRIGHT;
  private boolean hasAdobe;
  private int scans;

  /** What a frame header says. */
  private record Frame(int width, int height, int components, boolean namesRgb) {}

  private JpegOutline(byte[] file) {
    this.file = ByteBuffer.wrap(file);
    this.kept = new ByteArrayOutputStream(file.length);
  }

  /**
   * @param file beginning as a JPEG does
   */
  static Outline of(byte[] file) throws UnusablePictureException {
    return new JpegOutline(file).walk();
  }

  private Outline walk() throws UnusablePictureException {
    try {
      file.position(2);
      while (true) {
        var marker = marker();
        if (marker == EOI) {
          return outline();
        }
        segment(marker);
      }
    } catch (BufferUnderflowException _) {
      throw new UnusablePictureException("expected a whole JPEG, found one that is cut off");
    }
  }

  /** Any number of fill bytes may come before it (B.1.1.2). */
  private int marker() throws UnusablePictureException {
    if (unsignedByte() != 0xFF) {
      throw new UnusablePictureException("expected a marker of JPEG, found something else");
    }
    var marker = unsignedByte();
    while (marker == 0xFF) {
      marker = unsignedByte();
    }
    return marker;
  }

  private void segment(int marker) throws UnusablePictureException {
    if (marker == SOI || marker < 0xC0 || (marker >= 0xD0 && marker <= 0xD7)) {
      throw unexpected(marker);
    }
    var length = Short.toUnsignedInt(file.getShort());
    if (length < 2) {
      throw unexpected(marker);
    }
    var content = new byte[length - 2];
    file.get(content);
    switch (marker) {
      case DHT, DQT, DRI -> keep(marker, content);
      case SOS -> {
        demandScan();
        keep(marker, content);
        keepEntropyCoded();
      }
      case APP1 -> {
        if (startsWith(content, EXIF)) {
          orientation =
              Exif.orientation(ByteBuffer.wrap(content, EXIF.length, content.length - EXIF.length));
        }
      }
      case APP14 -> {
        if (startsWith(content, ADOBE)) {
          hasAdobe = true;
          keep(marker, content);
        }
      }
      default -> {
        if (marker >= 0xC0 && marker <= 0xCF) {
          frame(marker, content);
          keep(marker, content);
        }
        // The rest are application segments and comments, and reserved ones.
      }
    }
  }

  /** Table B.2: baseline, extended and progressive, Huffman-coded, eight bits. */
  private void frame(int marker, byte[] content) throws UnusablePictureException {
    if (marker > 0xC2) {
      throw new UnusablePictureException(
          "expected a baseline or progressive JPEG, found one of kind %X".formatted(marker));
    }
    if (frame != null) {
      throw unexpected(marker);
    }
    var header = ByteBuffer.wrap(content);
    var precision = header.get();
    var height = Short.toUnsignedInt(header.getShort());
    var width = Short.toUnsignedInt(header.getShort());
    var components = Byte.toUnsignedInt(header.get());
    if (precision != 8 || (components != 1 && components != 3)) {
      throw new UnusablePictureException(
          "expected 8 bits of grey or of three colours, found %d bits of %d"
              .formatted(precision, components));
    }
    if (width == 0 || height == 0) {
      throw new UnusablePictureException("expected a width and a height, found none");
    }
    var names = new StringBuilder();
    for (var i = 0; i < components; i++) {
      names.append((char) Byte.toUnsignedInt(header.get()));
      header.getShort();
    }
    frame = new Frame(width, height, components, names.toString().equals("RGB"));
  }

  private void demandScan() throws UnusablePictureException {
    if (frame == null) {
      throw unexpected(SOS);
    }
    scans++;
    if (scans > MOST_SCANS) {
      throw new UnusablePictureException(
          "expected at most %d scans, found more".formatted(MOST_SCANS));
    }
  }

  /** Up to the next marker that is no restart (F.1.2.3: in the data, a zero follows each FF). */
  private void keepEntropyCoded() {
    var from = file.position();
    while (true) {
      if (unsignedByte() == 0xFF) {
        var next = unsignedByte();
        file.position(file.position() - 1);
        if (next != 0 && next != 0xFF && (next < 0xD0 || next > 0xD7)) {
          file.position(file.position() - 1);
          kept.write(file.array(), from, file.position() - from);
          return;
        }
      }
    }
  }

  private Outline outline() throws UnusablePictureException {
    var found = frame;
    if (found == null || scans == 0) {
      throw unexpected(EOI);
    }
    kept.write(0xFF);
    kept.write(EOI);
    var isYcc = found.components() == 3 && !hasAdobe && !found.namesRgb();
    var bare = new ByteArrayOutputStream(kept.size() + JFIF.length + 2);
    bare.write(0xFF);
    bare.write(SOI);
    if (isYcc || found.components() == 1) {
      bare.writeBytes(JFIF);
    }
    bare.writeBytes(kept.toByteArray());
    return new Outline(found.width(), found.height(), orientation, bare.toByteArray());
  }

  private void keep(int marker, byte[] content) {
    kept.write(0xFF);
    kept.write(marker);
    kept.write((content.length + 2) >> 8);
    kept.write(content.length + 2);
    kept.writeBytes(content);
  }

  private int unsignedByte() {
    return Byte.toUnsignedInt(file.get());
  }

  private static boolean startsWith(byte[] content, byte[] beginning) {
    return content.length >= beginning.length
        && Arrays.equals(content, 0, beginning.length, beginning, 0, beginning.length);
  }

  private static UnusablePictureException unexpected(int marker) {
    return new UnusablePictureException(
        "expected segments of JPEG in their order, found %X".formatted(marker));
  }
}
