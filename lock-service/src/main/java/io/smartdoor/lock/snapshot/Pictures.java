package io.smartdoor.lock.snapshot;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.ImageWriteParam;
import javax.imageio.stream.MemoryCacheImageInputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/**
 * Decodes pictures and writes them anew, so that whoever reads them later reads a file of ours and
 * nothing that a stranger made up (docs/decisions/0022).
 *
 * <p>One at a time, on a thread of its own: what is decoded is many times larger than its file, and
 * requests that wait for nothing but AWS are not to wait for it. Safe for use by several threads.
 */
final class Pictures implements AutoCloseable {

  /** Such that one cannot see the difference, and faces are found as well as before. */
  private static final float QUALITY = 0.92f;

  private final long mostPixels;
  private final ExecutorService decoder =
      Executors.newSingleThreadExecutor(
          Thread.ofPlatform().name("snapshot-decoder").daemon().factory());

  /**
   * @param mostPixels of a picture; for each, some 6 bytes are needed while it is decoded
   */
  Pictures(long mostPixels) {
    this.mostPixels = mostPixels;
  }

  /** What {@code body} is. Waits for those that came before. */
  PictureCheck check(byte[] body) {
    try {
      return decoder.submit(() -> checked(body)).get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("a picture could not be looked into", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while a picture was looked into", e);
    }
  }

  private PictureCheck checked(byte[] body) throws IOException {
    var format = PictureFormat.of(body);
    if (format.isEmpty()) {
      return new PictureCheck.Unknown();
    }
    try {
      var outline = outline(format.get(), body);
      return outline.isWithin(mostPixels)
          ? new PictureCheck.Sound(format.get(), picture(format.get(), outline))
          : new PictureCheck.TooManyPixels(outline.width(), outline.height(), mostPixels);
    } catch (UnusablePictureException e) {
      return new PictureCheck.Unusable(String.valueOf(e.getMessage()));
    }
  }

  private static Outline outline(PictureFormat format, byte[] body)
      throws UnusablePictureException {
    return switch (format) {
      case JPEG -> JpegOutline.of(body);
      case PNG -> PngOutline.of(body);
    };
  }

  private static Picture picture(PictureFormat format, Outline outline)
      throws IOException, UnusablePictureException {
    var upright = Pixels.upright(pixels(format, outline), outline.orientation());
    return new Picture(jpeg(upright), upright.getWidth(), upright.getHeight());
  }

  private static BufferedImage pixels(PictureFormat format, Outline outline)
      throws UnusablePictureException {
    var reader = ImageIO.getImageReadersByFormatName(format.name()).next();
    var warnings = new ArrayList<String>();
    try (var input = new MemoryCacheImageInputStream(new ByteArrayInputStream(outline.bare()))) {
      reader.addIIOReadWarningListener((_, warning) -> warnings.add(warning));
      reader.setInput(input, true, true);
      demandSize(reader, outline);
      var image = reader.read(0);
      if (!warnings.isEmpty()) {
        throw damaged(format, warnings.getFirst());
      }
      return image;
    } catch (IOException | RuntimeException e) {
      // Decoders throw all kinds of exceptions at what is damaged.
      throw damaged(format, e.toString());
    } finally {
      reader.dispose();
    }
  }

  /** Before it is decoded: the decoder has to see the same picture as we did. */
  private static void demandSize(ImageReader reader, Outline outline)
      throws IOException, UnusablePictureException {
    if (reader.getWidth(0) != outline.width() || reader.getHeight(0) != outline.height()) {
      throw new UnusablePictureException("expected one width and height, found several");
    }
  }

  private static UnusablePictureException damaged(PictureFormat format, String found) {
    return new UnusablePictureException(
        "expected a %s that can be decoded, found a damaged one (%s)"
            .formatted(format, found.replaceAll("\\p{Cntrl}", " ")));
  }

  private static byte[] jpeg(BufferedImage image) throws IOException {
    var bytes = new ByteArrayOutputStream();
    var writer = ImageIO.getImageWritersByFormatName("jpeg").next();
    try (var output = new MemoryCacheImageOutputStream(bytes)) {
      var parameters = writer.getDefaultWriteParam();
      parameters.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
      parameters.setCompressionQuality(QUALITY);
      writer.setOutput(output);
      writer.write(null, new IIOImage(image, null, null), parameters);
    } finally {
      writer.dispose();
    }
    return bytes.toByteArray();
  }

  /** Ends the decoder; what it has begun, it ends first. */
  @Override
  public void close() {
    decoder.close();
  }
}
