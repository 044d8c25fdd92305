package io.smartdoor.identification.face;

import java.util.Comparator;
import java.util.List;
import org.bytedeco.opencv.opencv_core.Mat;

/**
 * One way to find and to compare faces by OpenCV, with what it has loaded. For one thread at a
 * time; what it returns is the caller's to free.
 */
interface OpenCvMethod extends AutoCloseable {

  /**
   * A face in a picture.
   *
   * @param x its left edge, in pixels
   * @param y its upper edge
   * @param row what else the method knows of it
   */
  record Found(int x, int y, int width, int height, List<Float> row) {

    /** Always the same order for the same faces. */
    static final Comparator<Found> LARGEST_FIRST =
        Comparator.comparingLong(Found::area)
            .reversed()
            .thenComparingInt(Found::y)
            .thenComparingInt(Found::x);

    long area() {
      return (long) width * height;
    }
  }

  /** Faces to compare with. */
  interface Known extends AutoCloseable {

    /** How alike {@code template} is to each of them, in their order. */
    double[] confidences(byte[] template);

    @Override
    void close();
  }

  /** How pictures are to be decoded: one of OpenCV's {@code IMREAD_…}. */
  int colours();

  /** The faces of a picture, the largest first. */
  List<Found> find(Mat picture);

  byte[] template(Mat picture, Found face);

  /**
   * Makes faces ready to be compared with.
   *
   * @param templates at least one
   */
  Known known(List<byte[]> templates);

  @Override
  void close();
}
