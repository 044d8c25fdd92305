package io.smartdoor.identification.face;

import java.awt.Color;
import java.awt.RenderingHints;
import java.awt.geom.AffineTransform;
import java.awt.image.BufferedImage;
import java.awt.image.ConvolveOp;
import java.awt.image.Kernel;
import java.awt.image.RescaleOp;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Objects;
import javax.imageio.ImageIO;

/** A portrait, and pictures that are made of it without OpenCV. Its face is 95 pixels wide. */
final class Pictures {

  /** Where the face is, with some air. */
  private static final int FACE_X = 90;

  private static final int FACE_Y = 45;
  private static final int FACE_SIZE = 150;

  private Pictures() {}

  static BufferedImage portrait() {
    try (var in = Pictures.class.getResourceAsStream("portrait.jpg")) {
      return ImageIO.read(Objects.requireNonNull(in));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** For methods that compare patterns, another person's face. */
  static BufferedImage mirrored() {
    var portrait = portrait();
    var width = portrait.getWidth();
    return drawn(width, portrait.getHeight(), new AffineTransform(-1, 0, 0, 1, width, 0), portrait);
  }

  static BufferedImage beside(BufferedImage left, BufferedImage right) {
    var both = canvas(left.getWidth() + right.getWidth(), left.getHeight());
    both.getGraphics().drawImage(left, 0, 0, null);
    both.getGraphics().drawImage(right, left.getWidth(), 0, null);
    return both;
  }

  /** The face alone, and little to look through. */
  static BufferedImage face(BufferedImage portrait) {
    var cut = canvas(FACE_SIZE, FACE_SIZE);
    cut.getGraphics().drawImage(portrait, -FACE_X, -FACE_Y, null);
    return cut;
  }

  static BufferedImage scaled(BufferedImage picture, double scale) {
    return drawn(
        (int) (picture.getWidth() * scale),
        (int) (picture.getHeight() * scale),
        AffineTransform.getScaleInstance(scale, scale),
        picture);
  }

  static BufferedImage turned(BufferedImage picture, double degrees) {
    var turn =
        AffineTransform.getRotateInstance(
            Math.toRadians(degrees), picture.getWidth() / 2.0, picture.getHeight() / 2.0);
    return drawn(picture.getWidth(), picture.getHeight(), turn, picture);
  }

  static BufferedImage lit(BufferedImage picture, float gain) {
    return new RescaleOp(gain, 0, null).filter(picture, null);
  }

  /** The mean of {@code size} × {@code size} pixels. */
  static BufferedImage blurred(BufferedImage picture, int size) {
    var weights = new float[size * size];
    Arrays.fill(weights, 1f / weights.length);
    return new ConvolveOp(new Kernel(size, size, weights), ConvolveOp.EDGE_NO_OP, null)
        .filter(picture, null);
  }

  static BufferedImage empty(int width, int height) {
    var picture = canvas(width, height);
    var graphics = picture.createGraphics();
    graphics.setColor(Color.LIGHT_GRAY);
    graphics.fillRect(0, 0, width, height);
    return picture;
  }

  static byte[] jpeg(BufferedImage picture) {
    return file(picture, "jpeg");
  }

  static byte[] png(BufferedImage picture) {
    return file(picture, "png");
  }

  private static byte[] file(BufferedImage picture, String format) {
    try (var out = new ByteArrayOutputStream()) {
      if (!ImageIO.write(picture, format, out)) {
        throw new IllegalStateException("expected a writer of " + format);
      }
      return out.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static BufferedImage drawn(
      int width, int height, AffineTransform how, BufferedImage picture) {
    var result = canvas(width, height);
    var graphics = result.createGraphics();
    graphics.setRenderingHint(
        RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BICUBIC);
    graphics.drawImage(picture, how, null);
    return result;
  }

  private static BufferedImage canvas(int width, int height) {
    return new BufferedImage(width, height, BufferedImage.TYPE_3BYTE_BGR);
  }
}
