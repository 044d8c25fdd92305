package io.smartdoor.lock.snapshot;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.zip.CRC32;
import java.util.zip.DeflaterOutputStream;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;

/**
 * Pictures as cameras, and whoever means ill, write them. Each has a red quarter, at its top left.
 */
public final class Photos {

  /** What a picture's metadata hold, and nobody is to find later. */
  public static final String SECRET = "Anna's garden, 48.1374N 11.5755E";

  private static final byte[] PNG_SIGNATURE = HexFormat.of().parseHex("89504E470D0A1A0A");

  private Photos() {}

  public static byte[] jpeg(int width, int height) {
    return encoded("jpeg", quartered(width, height), false);
  }

  static byte[] progressiveJpeg(int width, int height) {
    return encoded("jpeg", quartered(width, height), true);
  }

  public static byte[] png(int width, int height) {
    return encoded("png", quartered(width, height), false);
  }

  static byte[] encoded(String format, BufferedImage image, boolean progressive) {
    var bytes = new ByteArrayOutputStream();
    var writer = ImageIO.getImageWritersByFormatName(format).next();
    try (var output = ImageIO.createImageOutputStream(bytes)) {
      var parameters = writer.getDefaultWriteParam();
      if (progressive) {
        parameters.setProgressiveMode(ImageWriteParam.MODE_DEFAULT);
      }
      writer.setOutput(output);
      writer.write(null, new IIOImage(image, null, null), parameters);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      writer.dispose();
    }
    return bytes.toByteArray();
  }

  static BufferedImage quartered(int width, int height) {
    var image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    for (var y = 0; y < height; y++) {
      for (var x = 0; x < width; x++) {
        image.setRGB(x, y, x < width / 2 && y < height / 2 ? 0xE01010 : 0x1010E0);
      }
    }
    return image;
  }

  public static BufferedImage decoded(byte[] picture) {
    try {
      return ImageIO.read(new ByteArrayInputStream(picture));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The JPEG with what cameras add: Exif with a place, XMP, a comment, and more after its end. */
  public static byte[] withMetadata(byte[] jpeg, int orientation) {
    var bytes = new ByteArrayOutputStream();
    bytes.write(jpeg, 0, 2);
    segment(bytes, 0xE1, "Exif\0\0", exif(orientation));
    segment(bytes, 0xE1, "http://ns.adobe.com/xap/1.0/\0", secret());
    segment(bytes, 0xED, "Photoshop 3.0\0", secret());
    segment(bytes, 0xFE, "", secret());
    bytes.write(jpeg, 2, jpeg.length - 2);
    bytes.writeBytes(secret());
    return bytes.toByteArray();
  }

  /** The PNG with texts, Exif, and more after its end. */
  public static byte[] pngWithMetadata(byte[] png, int orientation) {
    var bytes = new ByteArrayOutputStream();
    var afterHeader = PNG_SIGNATURE.length + 25;
    bytes.write(png, 0, afterHeader);
    chunk(bytes, "tEXt", ("Comment\0" + SECRET).getBytes(ISO_8859_1));
    chunk(bytes, "iTXt", ("XML:com.adobe.xmp\0\0\0\0\0" + SECRET).getBytes(ISO_8859_1));
    chunk(bytes, "eXIf", exif(orientation));
    bytes.write(png, afterHeader, png.length - afterHeader);
    bytes.writeBytes(secret());
    return bytes.toByteArray();
  }

  /** Says that it is that large, and is small: what decompresses is nothing but zeros. */
  public static byte[] bomb(int width, int height) {
    var bytes = new ByteArrayOutputStream();
    bytes.writeBytes(PNG_SIGNATURE);
    var header = ByteBuffer.allocate(13).putInt(width).putInt(height);
    chunk(bytes, "IHDR", header.put((byte) 8).put((byte) 2).array());
    chunk(bytes, "IDAT", zeros(1 << 24));
    chunk(bytes, "IEND", new byte[0]);
    return bytes.toByteArray();
  }

  static void chunk(ByteArrayOutputStream bytes, String type, byte[] content) {
    var checksum = new CRC32();
    checksum.update(type.getBytes(ISO_8859_1));
    checksum.update(content);
    bytes.writeBytes(ByteBuffer.allocate(4).putInt(content.length).array());
    bytes.writeBytes(type.getBytes(ISO_8859_1));
    bytes.writeBytes(content);
    bytes.writeBytes(ByteBuffer.allocate(4).putInt((int) checksum.getValue()).array());
  }

  static void segment(ByteArrayOutputStream bytes, int marker, String name, byte[] content) {
    var length = 2 + name.length() + content.length;
    bytes.writeBytes(new byte[] {(byte) 0xFF, (byte) marker, (byte) (length >> 8), (byte) length});
    bytes.writeBytes(name.getBytes(ISO_8859_1));
    bytes.writeBytes(content);
  }

  /** How the camera was held, and where: as little as Exif needs for that (GPSAreaInformation). */
  static byte[] exif(int orientation) {
    var place = secret();
    var exif = ByteBuffer.allocate(44 + place.length).order(ByteOrder.LITTLE_ENDIAN);
    exif.put((byte) 'I').put((byte) 'I').putShort((short) 42).putInt(8);
    exif.putShort((short) 2);
    exif.putShort((short) 0x0112).putShort((short) 3).putInt(1).putInt(orientation);
    exif.putShort((short) 0x8825).putShort((short) 4).putInt(1).putInt(26 + 4);
    exif.position(30).putShort((short) 1);
    exif.putShort((short) 0x001C).putShort((short) 7).putInt(place.length);
    exif.position(40).putInt(44).put(place);
    return exif.array();
  }

  private static byte[] secret() {
    return SECRET.getBytes(ISO_8859_1);
  }

  private static byte[] zeros(int count) {
    var bytes = new ByteArrayOutputStream();
    try (var deflating = new DeflaterOutputStream(bytes)) {
      deflating.write(new byte[count]);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }
}
