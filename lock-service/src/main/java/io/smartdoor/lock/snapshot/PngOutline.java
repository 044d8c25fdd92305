package io.smartdoor.lock.snapshot;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.Set;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * Walks through a PNG file, chunk by chunk (PNG, Third Edition, 5.3), without decoding anything.
 * Keeps what its pixels are made of: texts, times, colour profiles and whatever follows the picture
 * are left out.
 */
final class PngOutline {

  private static final Set<String> NEEDED = Set.of("PLTE", "tRNS", "IDAT");
  private static final int HEADER_LENGTH = 13;

  private final ByteBuffer file;
  private final ByteArrayOutputStream kept;
  private @Nullable Header header;
  private Orientation orientation = Orientation.UPRIGHT;
  private boolean hasData;

  /** What the first chunk says. */
  private record Header(int width, int height) {}

  private PngOutline(byte[] file) {
    this.file = ByteBuffer.wrap(file);
    this.kept = new ByteArrayOutputStream(file.length);
  }

  /**
   * @param file beginning as a PNG does
   */
  static Outline of(byte[] file) throws UnusablePictureException {
    return new PngOutline(file).walk();
  }

  private Outline walk() throws UnusablePictureException {
    var signature = new byte[PictureFormat.PNG.signatureLength()];
    file.get(signature);
    kept.writeBytes(signature);
    try {
      while (true) {
        var start = file.position();
        var length = file.getInt();
        var type = type();
        var content = content(length);
        demandUnspoilt(start, length, type);
        if (header == null) {
          header = header(type, content);
        } else if (type.equals("IEND")) {
          keep(start);
          return outline(header);
        } else {
          hasData |= type.equals("IDAT");
          if (type.equals("eXIf")) {
            orientation = Exif.orientation(content);
          } else if (!NEEDED.contains(type) && Character.isUpperCase(type.charAt(0))) {
            throw new UnusablePictureException(
                "expected chunks of PNG in their order, found \"%s\"".formatted(type));
          }
        }
        if (NEEDED.contains(type) || type.equals("IHDR")) {
          keep(start);
        }
      }
    } catch (BufferUnderflowException _) {
      throw new UnusablePictureException("expected a whole PNG, found one that is cut off");
    }
  }

  private String type() {
    var type = new byte[4];
    file.get(type);
    return new String(type, ISO_8859_1);
  }

  private ByteBuffer content(int length) {
    if (length < 0 || length > file.remaining()) {
      throw new BufferUnderflowException();
    }
    var content = file.slice(file.position(), length);
    file.position(file.position() + length);
    return content;
  }

  /** The decoder looks at no checksum. */
  private void demandUnspoilt(int start, int length, String type) throws UnusablePictureException {
    var checksum = new CRC32();
    checksum.update(file.array(), start + 4, length + 4);
    if ((int) checksum.getValue() != file.getInt()) {
      throw new UnusablePictureException(
          "expected chunks with their checksums, found a damaged one at %d%s"
              .formatted(start, NEEDED.contains(type) ? " (" + type + ")" : ""));
    }
  }

  private static Header header(String type, ByteBuffer content) throws UnusablePictureException {
    if (!type.equals("IHDR") || content.remaining() != HEADER_LENGTH) {
      throw new UnusablePictureException("expected a header of PNG, found something else");
    }
    var width = content.getInt();
    var height = content.getInt();
    var bits = content.get();
    if (width <= 0 || height <= 0) {
      throw new UnusablePictureException("expected a width and a height, found none");
    }
    if (bits > 8) {
      throw new UnusablePictureException(
          "expected at most 8 bits a channel, found %d".formatted(bits));
    }
    return new Header(width, height);
  }

  private Outline outline(Header found) throws UnusablePictureException {
    if (!hasData) {
      throw new UnusablePictureException("expected a picture in the PNG, found none");
    }
    return new Outline(found.width(), found.height(), orientation, kept.toByteArray());
  }

  private void keep(int start) {
    kept.write(file.array(), start, file.position() - start);
  }
}
