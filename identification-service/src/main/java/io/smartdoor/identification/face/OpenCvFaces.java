package io.smartdoor.identification.face;

import static org.bytedeco.opencv.global.opencv_core.CV_64F;
import static org.bytedeco.opencv.global.opencv_core.CV_8UC1;

import io.smartdoor.identification.face.OpenCvMethod.Found;
import io.smartdoor.identification.face.OpenCvMethod.Known;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_imgcodecs;
import org.bytedeco.opencv.global.opencv_imgproc;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Rect;
import org.bytedeco.opencv.opencv_core.Size;
import org.jspecify.annotations.Nullable;

/**
 * Faces within this process, by OpenCV. It is loaded with the first picture; one picture is looked
 * at at a time, by one thread. All native memory of a picture is freed before its answer.
 */
final class OpenCvFaces implements FaceMatcher, AutoCloseable {

  /**
   * In pixels; templates are {@value OpenCvDemonstration#SIZE}, and smaller faces blow up noise.
   */
  static final int LEAST_WIDTH = 80;

  /**
   * Share of fine detail in the contrast, in percent: see {@link #sharpness}. A sharp portrait has
   * 3.6, and 0.46 and 0.17 after a Gaussian blur by 1 % and by 2 % of the face's width.
   */
  static final double LEAST_SHARPNESS = 0.3;

  private static final int SHARPNESS_WIDTH = 160;

  private final OpenCvLibrary library;
  private final FaceMethod method;
  private final Thresholds thresholds;
  private final Supplier<OpenCvMethod> opening;
  private final ReentrantLock oneAtATime = new ReentrantLock();
  private @Nullable OpenCvMethod opened;

  /**
   * @param opening called once OpenCV is loaded
   */
  OpenCvFaces(
      OpenCvLibrary library,
      FaceMethod method,
      Thresholds thresholds,
      Supplier<OpenCvMethod> opening) {
    this.library = library;
    this.method = method;
    this.thresholds = thresholds;
    this.opening = opening;
  }

  @Override
  public FaceMethod method() {
    return method;
  }

  @Override
  public FaceExamination examine(byte[] picture) {
    return look(
        picture,
        FaceExamination.Unreadable::new,
        (open, decoded) -> {
          var faces = open.find(decoded);
          return switch (faces.size()) {
            case 0 -> new FaceExamination.NoFace();
            case 1 -> examine(open, decoded, faces.getFirst());
            default -> new FaceExamination.SeveralFaces(faces.size());
          };
        });
  }

  private FaceExamination examine(OpenCvMethod open, Mat picture, Found face) {
    if (face.width() < LEAST_WIDTH) {
      return new FaceExamination.TooSmall(face.width(), LEAST_WIDTH);
    }
    var sharpness = sharpness(picture, face);
    return sharpness < LEAST_SHARPNESS
        ? new FaceExamination.TooBlurred(sharpness, LEAST_SHARPNESS)
        : new FaceExamination.Usable(
            new FaceTemplate(method.version(), open.template(picture, face)));
  }

  /**
   * Variance of the Laplacian in percent of the variance of the brightness, of a face that is
   * {@value #SHARPNESS_WIDTH} pixels wide: the same in bright and in dim light.
   */
  static double sharpness(Mat picture, Found face) {
    try (var _ = new PointerScope()) {
      var cut = new Mat(picture, within(picture, face));
      var grey = new Mat();
      if (cut.channels() == 1) {
        cut.copyTo(grey);
      } else {
        opencv_imgproc.cvtColor(cut, grey, opencv_imgproc.COLOR_BGR2GRAY);
      }
      var even = new Mat();
      var scale = SHARPNESS_WIDTH / (double) face.width();
      var way = scale < 1 ? opencv_imgproc.INTER_AREA : opencv_imgproc.INTER_LINEAR;
      opencv_imgproc.resize(grey, even, new Size(), scale, scale, way);
      var edges = new Mat();
      opencv_imgproc.Laplacian(even, edges, CV_64F);
      return 100 * variance(edges) / Math.max(1, variance(even));
    }
  }

  /** Methods may find faces that are partly outside. */
  private static Rect within(Mat picture, Found face) {
    var x = Math.clamp(face.x(), 0, picture.cols() - 1);
    var y = Math.clamp(face.y(), 0, picture.rows() - 1);
    return new Rect(
        x,
        y,
        Math.max(1, Math.min(picture.cols(), face.x() + face.width()) - x),
        Math.max(1, Math.min(picture.rows(), face.y() + face.height()) - y));
  }

  private static double variance(Mat of) {
    var mean = new Mat();
    var deviation = new Mat();
    opencv_core.meanStdDev(of, mean, deviation);
    return Math.pow(deviation.ptr().getDouble(), 2);
  }

  @Override
  public FaceGallery gallery(Collection<EnrolledFace> faces) {
    var usable =
        faces.stream().filter(it -> it.template().method().equals(method.version())).toList();
    var leftOut =
        faces.stream().filter(it -> !it.template().method().equals(method.version())).toList();
    return new Gallery(usable, leftOut);
  }

  /** Nothing is kept but what the caller keeps. */
  @Override
  public void forget(FaceTemplate template) {}

  /** What a decoded picture is looked at for. */
  private interface Look<T> {
    T at(OpenCvMethod open, Mat picture);
  }

  private <T> T look(byte[] file, Function<UnreadablePicture, T> refused, Look<T> look) {
    var refusal = PictureFile.refusal(file);
    if (refusal.isPresent()) {
      return refused.apply(refusal.get());
    }
    oneAtATime.lock();
    try {
      var open = open();
      try (var _ = new PointerScope()) {
        var picture = decoded(file, open.colours());
        return picture.isPresent()
            ? look.at(open, picture.get())
            : refused.apply(UnreadablePicture.BROKEN);
      }
    } finally {
      oneAtATime.unlock();
    }
  }

  private OpenCvMethod open() {
    if (opened == null) {
      library.load();
      opened = opening.get();
    }
    return opened;
  }

  private static Optional<Mat> decoded(byte[] file, int colours) {
    try {
      var bytes = new Mat(1, file.length, CV_8UC1, new BytePointer(file));
      var picture = opencv_imgcodecs.imdecode(bytes, colours);
      return Optional.of(picture).filter(it -> !it.empty());
    } catch (RuntimeException e) {
      // How OpenCV says so of some files.
      return Optional.empty();
    }
  }

  /** Frees what is loaded; with the next picture it is loaded anew. */
  @Override
  public void close() {
    oneAtATime.lock();
    try {
      if (opened != null) {
        opened.close();
        opened = null;
      }
    } finally {
      oneAtATime.unlock();
    }
  }

  private final class Gallery implements FaceGallery {

    private final List<PersonId> people;
    private final List<byte[]> templates;
    private final List<EnrolledFace> leftOut;
    private @Nullable Known known;
    private boolean closed;

    Gallery(List<EnrolledFace> faces, List<EnrolledFace> leftOut) {
      this.people = faces.stream().map(EnrolledFace::person).toList();
      this.templates = faces.stream().map(it -> it.template().bytes()).toList();
      this.leftOut = leftOut;
    }

    @Override
    public PictureVerdict match(byte[] picture) {
      return look(
          picture,
          PictureVerdict.Unreadable::new,
          (open, decoded) -> {
            if (closed) {
              throw new IllegalStateException("expected an open gallery, found a closed one");
            }
            var verdicts = new ArrayList<FaceVerdict>();
            for (var face : open.find(decoded)) {
              verdicts.add(verdict(open, decoded, face));
            }
            return Verdicts.of(verdicts);
          });
    }

    private FaceVerdict verdict(OpenCvMethod open, Mat picture, Found face) {
      return people.isEmpty()
          ? new FaceVerdict.Unknown(Confidence.NONE)
          : thresholds.closest(people, known(open).confidences(open.template(picture, face)));
    }

    private Known known(OpenCvMethod open) {
      if (known == null) {
        known = open.known(templates);
      }
      return known;
    }

    @Override
    public List<EnrolledFace> leftOut() {
      return leftOut;
    }

    @Override
    public void close() {
      oneAtATime.lock();
      try {
        closed = true;
        if (known != null) {
          known.close();
          known = null;
        }
      } finally {
        oneAtATime.unlock();
      }
    }
  }
}
