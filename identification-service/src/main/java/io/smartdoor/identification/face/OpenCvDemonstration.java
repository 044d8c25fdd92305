package io.smartdoor.identification.face;

import static org.bytedeco.opencv.global.opencv_core.CV_32SC1;
import static org.bytedeco.opencv.global.opencv_core.CV_8UC1;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_imgcodecs;
import org.bytedeco.opencv.global.opencv_imgproc;
import org.bytedeco.opencv.opencv_core.FileStorage;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.MatVector;
import org.bytedeco.opencv.opencv_core.Point2f;
import org.bytedeco.opencv.opencv_core.Rect;
import org.bytedeco.opencv.opencv_core.RectVector;
import org.bytedeco.opencv.opencv_core.Scalar;
import org.bytedeco.opencv.opencv_core.Size;
import org.bytedeco.opencv.opencv_face.LBPHFaceRecognizer;
import org.bytedeco.opencv.opencv_face.StandardCollector;
import org.bytedeco.opencv.opencv_objdetect.CascadeClassifier;

/**
 * A demonstration: faces by Haar cascades, compared by local binary patterns (LBPH), both of which
 * come with OpenCV. It sees frontal faces in fair light, a photograph for a person, and no
 * difference that matters where safety does.
 *
 * <p>A template is the face itself, in {@value #SIZE} × {@value #SIZE} grey pixels: turned so that
 * the eyes are level where they are found, and of even contrast.
 */
final class OpenCvDemonstration implements OpenCvMethod {

  static final FaceMethod METHOD =
      new FaceMethod("haar-lbph-1", "demonstration: OpenCV's Haar cascades and LBPH");

  /** By `./smartdoor bench faces`: docs/faces.md. */
  static final Thresholds THRESHOLDS = Thresholds.of(40, 30);

  static final int SIZE = 100;

  /** The narrowest face that is looked for, in a picture of {@link #LONGEST_SIDE} or less. */
  static final int LEAST_FACE = 40;

  /** Faces are looked for in no larger picture: in one of 24 megapixels that would take seconds. */
  static final int LONGEST_SIDE = 1280;

  static final double SCALE_STEP = 1.1;
  static final int NEIGHBOURS = 8;

  /** Of LBPH: patterns around each point, counted in cells. */
  static final int RADIUS = 2;

  static final int POINTS = 8;
  static final int CELLS = 8;

  /**
   * Chi-square distance of two faces of which no pattern is alike is 4 a cell; 1 is a stranger's.
   */
  private static final double FARTHEST = 2.0 * CELLS * CELLS;

  /** The face's width while its eyes are looked for, and how much is seen around it. */
  private static final int EYES_WIDTH = 128;

  private static final double MARGIN = 0.2;

  /** Where eyes are in a face as the cascade finds it, in shares of its width: the mean of many. */
  private static final double EYE_X = 0.31;

  private static final double EYE_Y = 0.39;

  private final CascadeClassifier faces = cascade("haarcascade_frontalface_default.xml");
  private final CascadeClassifier eyes = cascade("haarcascade_eye.xml");

  @Override
  public int colours() {
    return opencv_imgcodecs.IMREAD_GRAYSCALE;
  }

  @Override
  public List<Found> find(Mat picture) {
    try (var _ = new PointerScope()) {
      var longest = Math.max(picture.cols(), picture.rows());
      var scale = Math.max(1.0, longest / (double) LONGEST_SIDE);
      var looked = scale > 1 ? resized(picture, 1 / scale) : picture;
      var boxes = new RectVector();
      faces.detectMultiScale(
          looked, boxes, SCALE_STEP, NEIGHBOURS, 0, new Size(LEAST_FACE, LEAST_FACE), new Size());
      var found = new ArrayList<Found>();
      for (long i = 0; i < boxes.size(); i++) {
        var box = boxes.get(i);
        found.add(
            new Found(
                (int) (box.x() * scale),
                (int) (box.y() * scale),
                (int) (box.width() * scale),
                (int) (box.height() * scale),
                List.of()));
      }
      found.sort(Found.LARGEST_FIRST);
      return found;
    }
  }

  @Override
  public byte[] template(Mat picture, Found face) {
    try (var _ = new PointerScope()) {
      var around = around(picture, face);
      var scale = EYES_WIDTH / (double) face.width();
      var seen = resized(new Mat(picture, around), scale);
      // From here on in pixels of what is seen.
      var left = (face.x() - around.x()) * scale;
      var top = (face.y() - around.y()) * scale;
      var pose = pose(seen, left, top).orElseGet(() -> Pose.upright(left, top));
      var levelled = new Mat();
      opencv_imgproc.warpAffine(
          seen,
          levelled,
          pose.intoTemplate(),
          new Size(SIZE, SIZE),
          opencv_imgproc.INTER_LINEAR,
          opencv_core.BORDER_REPLICATE,
          new Scalar());
      opencv_imgproc.GaussianBlur(levelled, levelled, new Size(3, 3), 0);
      var even = new Mat();
      opencv_imgproc.equalizeHist(levelled, even);
      var bytes = new byte[SIZE * SIZE];
      even.data().get(bytes);
      return bytes;
    }
  }

  /** Both eyes, in pixels. */
  private record Pose(double leftX, double leftY, double rightX, double rightY) {

    /** Where they would be in a face that looks straight ahead. */
    static Pose upright(double left, double top) {
      return new Pose(
          left + EYE_X * EYES_WIDTH,
          top + EYE_Y * EYES_WIDTH,
          left + (1 - EYE_X) * EYES_WIDTH,
          top + EYE_Y * EYES_WIDTH);
    }

    boolean isPlausible() {
      var apart = (rightX - leftX) / EYES_WIDTH;
      return apart > 0.25 && apart < 0.55 && Math.abs(rightY - leftY) < 0.4 * (rightX - leftX);
    }

    /** Turns and scales so that eyes come to where they always are in a template. */
    Mat intoTemplate() {
      var apart = Math.hypot(rightX - leftX, rightY - leftY);
      var angle = Math.toDegrees(Math.atan2(rightY - leftY, rightX - leftX));
      var x = (leftX + rightX) / 2;
      var y = (leftY + rightY) / 2;
      var turn =
          opencv_imgproc.getRotationMatrix2D(
              new Point2f((float) x, (float) y), angle, (1 - 2 * EYE_X) * SIZE / apart);
      add(turn.ptr(0, 2), 0.5 * SIZE - x);
      add(turn.ptr(1, 2), EYE_Y * SIZE - y);
      return turn;
    }
  }

  private static void add(BytePointer number, double difference) {
    number.putDouble(number.getDouble() + difference);
  }

  private Optional<Pose> pose(Mat seen, double left, double top) {
    var boxes = new RectVector();
    var upper =
        new Rect(
            (int) left,
            (int) (top + 0.15 * EYES_WIDTH),
            Math.min(EYES_WIDTH, seen.cols() - (int) left),
            Math.min((int) (0.45 * EYES_WIDTH), seen.rows() - (int) (top + 0.15 * EYES_WIDTH)));
    if (upper.width() < EYES_WIDTH / 2 || upper.height() < EYES_WIDTH / 4) {
      return Optional.empty();
    }
    eyes.detectMultiScale(
        new Mat(seen, upper), boxes, 1.2, 3, 0, new Size(20, 20), new Size(52, 52));
    var middle = upper.width() / 2.0;
    var one = Optional.<Rect>empty();
    var other = Optional.<Rect>empty();
    for (long i = 0; i < boxes.size(); i++) {
      var box = boxes.get(i);
      if (box.x() + box.width() / 2.0 < middle) {
        one = larger(one, box);
      } else {
        other = larger(other, box);
      }
    }
    if (one.isEmpty() || other.isEmpty()) {
      return Optional.empty();
    }
    var pose =
        new Pose(
            upper.x() + centreX(one.get()),
            upper.y() + centreY(one.get()),
            upper.x() + centreX(other.get()),
            upper.y() + centreY(other.get()));
    return Optional.of(pose).filter(Pose::isPlausible);
  }

  private static Optional<Rect> larger(Optional<Rect> known, Rect box) {
    return known.isPresent() && known.get().width() >= box.width() ? known : Optional.of(box);
  }

  private static double centreX(Rect box) {
    return box.x() + box.width() / 2.0;
  }

  private static double centreY(Rect box) {
    return box.y() + box.height() / 2.0;
  }

  /** The face and what is around it, as far as the picture goes. */
  private static Rect around(Mat picture, Found face) {
    var margin = (int) (MARGIN * face.width());
    var x = Math.max(0, face.x() - margin);
    var y = Math.max(0, face.y() - margin);
    return new Rect(
        x,
        y,
        Math.min(picture.cols(), face.x() + face.width() + margin) - x,
        Math.min(picture.rows(), face.y() + face.height() + margin) - y);
  }

  /** Averaged where it becomes smaller, so that noise does not stay. */
  private static Mat resized(Mat picture, double scale) {
    var result = new Mat();
    var way = scale < 1 ? opencv_imgproc.INTER_AREA : opencv_imgproc.INTER_LINEAR;
    opencv_imgproc.resize(picture, result, new Size(), scale, scale, way);
    return result;
  }

  @Override
  public Known known(List<byte[]> templates) {
    return new Histograms(templates);
  }

  @Override
  public void close() {
    faces.close();
    eyes.close();
  }

  /** Patterns of all templates, counted once. */
  private static final class Histograms implements Known {

    private final LBPHFaceRecognizer recognizer;
    private final int size;

    Histograms(List<byte[]> templates) {
      size = templates.size();
      try (var _ = new PointerScope()) {
        // Outlives this scope, and whichever the caller has: close() frees it.
        recognizer = LBPHFaceRecognizer.create(RADIUS, POINTS, CELLS, CELLS, Double.MAX_VALUE);
        recognizer.retainReference();
        var images = new MatVector(templates.stream().map(Histograms::image).toArray(Mat[]::new));
        var labels = new Mat(size, 1, CV_32SC1);
        for (var i = 0; i < size; i++) {
          labels.ptr(i).putInt(i);
        }
        recognizer.train(images, labels);
      }
    }

    private static Mat image(byte[] template) {
      if (template.length != SIZE * SIZE) {
        throw new IllegalArgumentException(
            "expected a template of %d bytes, found %d".formatted(SIZE * SIZE, template.length));
      }
      var image = new Mat(SIZE, SIZE, CV_8UC1);
      image.data().put(template);
      return image;
    }

    @Override
    public double[] confidences(byte[] template) {
      try (var _ = new PointerScope()) {
        var collector = StandardCollector.create(Double.MAX_VALUE);
        recognizer.predict_collect(image(template), collector);
        var results = collector.getResults(false);
        var confidences = new double[size];
        for (long i = 0; i < results.size(); i++) {
          confidences[results.first(i)] = confidenceAt(results.second(i));
        }
        return confidences;
      }
    }

    @Override
    public void close() {
      recognizer.close();
    }
  }

  static double confidenceAt(double distance) {
    return 100 * Math.max(0, 1 - distance / FARTHEST);
  }

  static CascadeClassifier cascade(String name) {
    var path =
        "/org/bytedeco/opencv/%s/share/opencv4/haarcascades/%s"
            .formatted(Loader.getPlatform(), name);
    try (var in = CascadeClassifier.class.getResourceAsStream(path);
        var _ = new PointerScope()) {
      if (in == null) {
        throw new IllegalStateException("expected %s in OpenCV's jar".formatted(path));
      }
      var text = new BytePointer(new String(in.readAllBytes(), StandardCharsets.UTF_8));
      var storage = new FileStorage(text, FileStorage.READ | FileStorage.MEMORY);
      var cascade = new CascadeClassifier();
      if (!cascade.read(storage.getFirstTopLevelNode())) {
        throw new IllegalStateException("expected a cascade in %s".formatted(path));
      }
      return cascade.retainReference();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
