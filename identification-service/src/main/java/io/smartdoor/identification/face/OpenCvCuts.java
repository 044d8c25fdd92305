package io.smartdoor.identification.face;

import static org.bytedeco.opencv.global.opencv_core.CV_8UC1;

import java.util.Optional;
import java.util.function.Function;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.opencv.global.opencv_imgcodecs;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Rect;

/** Cuts faces out of pictures, for a matcher elsewhere. Safe for use by several threads. */
final class OpenCvCuts {

  /** Around a face, in shares of its size: a face without its outline is hard to find. */
  private static final double MARGIN = 0.25;

  /** A part of a picture, in shares of its width and height. */
  record Box(double left, double top, double width, double height) {

    double area() {
      return width * height;
    }

    /** Whether {@code other}, of the same picture, is about the middle of this one. */
    boolean isAround(Box other) {
      var x = other.left + other.width / 2;
      var y = other.top + other.height / 2;
      return x >= left && x <= left + width && y >= top && y <= top + height;
    }
  }

  /** A picture that is decoded for now. */
  interface Opened {

    int width();

    Cut cut(Box face);
  }

  /** A JPEG of a face and a little around it. */
  static final class Cut {

    private final byte[] jpeg;
    private final Box face;

    Cut(byte[] jpeg, Box face) {
      this.jpeg = jpeg;
      this.face = face;
    }

    byte[] jpeg() {
      return jpeg;
    }

    /** Where the face is in what was cut out. */
    Box face() {
      return face;
    }
  }

  private final OpenCvLibrary library;
  private final int leastSide;

  /**
   * @param leastSide width and height in pixels that a cut has, as far as the picture goes
   */
  OpenCvCuts(OpenCvLibrary library, int leastSide) {
    this.library = library;
    this.leastSide = leastSide;
  }

  /** What {@code look} makes of the picture; empty where it cannot be decoded. */
  <T> Optional<T> open(byte[] file, Function<Opened, T> look) {
    library.load();
    try (var _ = new PointerScope()) {
      return decoded(file)
          .map(picture ->
              look.apply(
                  new Opened() {
                    @Override
                    public int width() {
                      return picture.cols();
                    }

                    @Override
                    public Cut cut(Box face) {
                      return cutOut(picture, face);
                    }
                  }));
    }
  }

  private static Optional<Mat> decoded(byte[] file) {
    try {
      var bytes = new Mat(1, file.length, CV_8UC1, new BytePointer(file));
      var picture = opencv_imgcodecs.imdecode(bytes, opencv_imgcodecs.IMREAD_COLOR);
      return Optional.of(picture).filter(it -> !it.empty());
    } catch (RuntimeException e) {
      // How OpenCV says so of some files.
      return Optional.empty();
    }
  }

  private Cut cutOut(Mat picture, Box face) {
    try (var _ = new PointerScope()) {
      var columns = span(face.left(), face.width(), picture.cols());
      var rows = span(face.top(), face.height(), picture.rows());
      var part =
          new Mat(picture, new Rect(columns.from(), rows.from(), columns.length(), rows.length()));
      var file = new BytePointer();
      opencv_imgcodecs.imencode(".jpg", part, file);
      var jpeg = new byte[(int) file.limit()];
      file.get(jpeg);
      return new Cut(
          jpeg,
          new Box(
              (face.left() * picture.cols() - columns.from()) / columns.length(),
              (face.top() * picture.rows() - rows.from()) / rows.length(),
              face.width() * picture.cols() / columns.length(),
              face.height() * picture.rows() / rows.length()));
    }
  }

  private record Span(int from, int length) {}

  private Span span(double from, double length, int all) {
    var margin = Math.max(MARGIN * length * all, (leastSide - length * all) / 2);
    var begin = (int) Math.clamp(Math.floor(from * all - margin), 0, all - 1);
    var end = (int) Math.clamp(Math.ceil((from + length) * all + margin), begin + 1, all);
    return new Span(begin, end - begin);
  }
}
