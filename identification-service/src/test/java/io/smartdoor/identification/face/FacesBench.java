package io.smartdoor.identification.face;

import static org.bytedeco.opencv.global.opencv_core.BORDER_REPLICATE;
import static org.bytedeco.opencv.global.opencv_core.CV_32SC1;
import static org.bytedeco.opencv.global.opencv_core.CV_8UC1;
import static org.bytedeco.opencv.global.opencv_core.copyMakeBorder;

import io.smartdoor.identification.face.Robustness.Trial;
import io.smartdoor.identification.face.Speed.Round;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.opencv.global.opencv_imgcodecs;
import org.bytedeco.opencv.global.opencv_imgproc;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.MatVector;
import org.bytedeco.opencv.opencv_core.Rect;
import org.bytedeco.opencv.opencv_core.RectVector;
import org.bytedeco.opencv.opencv_core.Scalar;
import org.bytedeco.opencv.opencv_core.Size;
import org.bytedeco.opencv.opencv_face.LBPHFaceRecognizer;
import org.bytedeco.opencv.opencv_objdetect.CascadeClassifier;

/**
 * Measures the embedded matcher, as it is without model files, on pictures that scikit-image ships
 * and on what is made of them: whom it takes for whom, and how long it takes beside plain OpenCV.
 *
 * <p>Ends with 0 only if nobody was taken for somebody else at the default threshold, and if the
 * time is reached.
 */
final class FacesBench {

  /** The first 100 of lfw_subset are faces, the others are none. */
  private static final int FACES = 100;

  /** Of a small face, and of what is around it. */
  private static final int FACE_SIDE = 100;

  private static final int AROUND = 50;

  /** Both run on one thread: what else the machine does is not measured. */
  private static final ThreadMXBean CPU = ManagementFactory.getThreadMXBean();

  private static final List<Integer> GALLERIES = List.of(10, 100, 1000);

  private final Path data;
  private final boolean isShort;

  private FacesBench(Path data, boolean isShort) {
    this.data = data;
    this.isShort = isShort;
  }

  /** {@code --data FOLDER [--short] [--tolerant] [--json] [--docs FOLDER]}. */
  public static void main(String[] arguments) throws IOException {
    var given = List.of(arguments);
    var bench = new FacesBench(valueOf("--data", given).orElseThrow(), given.contains("--short"));
    var tolerant = given.contains("--tolerant");
    var library = new OpenCvLibrary(System::nanoTime);
    library.load();
    var report = bench.run(library, tolerant);
    System.out.println(given.contains("--json") ? report.json() : report.text());
    var docs = valueOf("--docs", given);
    if (docs.isPresent()) {
      report.write(docs.get());
    }
    System.exit(report.passed() ? 0 : 1);
  }

  private static Optional<Path> valueOf(String name, List<String> given) {
    var at = given.indexOf(name);
    return at < 0 ? Optional.empty() : Optional.of(Path.of(given.get(at + 1)));
  }

  private FacesReport run(OpenCvLibrary library, boolean tolerant) throws IOException {
    try (var method = new OpenCvDemonstration()) {
      var pictures = new ArrayList<byte[]>();
      var small = Npy.read(data.resolve("lfw_subset.npy"));
      for (var i = 0; i < FACES; i++) {
        pictures.add(enlarged(small.pictures().get(i), small.side()));
      }
      pictures.add(Files.readAllBytes(data.resolve("astronaut.png")));
      say("- enrolling %d faces".formatted(pictures.size()));
      var enrolled = new ArrayList<Enrolled>();
      for (var picture : pictures) {
        enrolled(method, picture).ifPresent(enrolled::add);
      }
      say("- looking at them again");
      var templates = new ArrayList<byte[]>();
      var robustness =
          new Robustness(trials(method, enrolled, templates), OpenCvDemonstration.THRESHOLDS);
      var nothing = 0;
      for (var i = FACES; i < small.pictures().size(); i++) {
        nothing += inNothing(method, enlarged(small.pictures().get(i), small.side()));
      }
      say("- timing");
      return new FacesReport(
          robustness,
          pictures.size() - enrolled.size(),
          pictures.size(),
          nothing,
          small.pictures().size() - FACES,
          speeds(library, templates),
          tolerant);
    }
  }

  private static void say(String what) {
    System.err.println(what);
  }

  /** A picture, and what is kept of its face. */
  private static final class Enrolled {
    private final byte[] picture;
    private final byte[] template;

    Enrolled(byte[] picture, byte[] template) {
      this.picture = picture;
      this.template = template;
    }
  }

  private static Optional<Enrolled> enrolled(OpenCvMethod method, byte[] file) {
    try (var _ = new PointerScope()) {
      var picture = decoded(file);
      return method.find(picture).stream()
          .findFirst()
          .map(face -> new Enrolled(file, method.template(picture, face)));
    }
  }

  private List<Trial> trials(OpenCvMethod method, List<Enrolled> enrolled, List<byte[]> templates) {
    var trials = new ArrayList<Trial>();
    var step = isShort ? 5 : 1;
    try (var known = method.known(enrolled.stream().map(it -> it.template).toList())) {
      for (var i = 0; i < enrolled.size(); i += step) {
        for (var variation : Variation.values()) {
          try (var _ = new PointerScope()) {
            var visit = variation.of(decoded(enrolled.get(i).picture), i);
            var face = method.find(visit).stream().findFirst();
            if (face.isEmpty()) {
              trials.add(
                  new Trial(variation.label(), OptionalDouble.empty(), OptionalDouble.empty()));
              continue;
            }
            var template = method.template(visit, face.get());
            templates.add(template);
            var alike = known.confidences(template);
            var own = i;
            trials.add(
                new Trial(
                    variation.label(),
                    OptionalDouble.of(alike[i]),
                    IntStream.range(0, alike.length)
                        .filter(it -> it != own)
                        .mapToDouble(it -> alike[it])
                        .max()));
          }
        }
      }
    }
    return trials;
  }

  private static int inNothing(OpenCvMethod method, byte[] file) {
    try (var _ = new PointerScope()) {
      return method.find(decoded(file)).size();
    }
  }

  private List<Speed> speeds(OpenCvLibrary library, List<byte[]> templates) throws IOException {
    var snapshot = snapshot();
    var rounds = isShort ? 5 : 15;
    var speeds = new ArrayList<Speed>();
    for (var size : GALLERIES) {
      var gallery =
          IntStream.range(0, size).mapToObj(i -> templates.get(i % templates.size())).toList();
      speeds.add(speed(library, snapshot, gallery, rounds));
    }
    return speeds;
  }

  private static Speed speed(
      OpenCvLibrary library, byte[] snapshot, List<byte[]> templates, int rounds) {
    var faces =
        IntStream.range(0, templates.size())
            .mapToObj(i ->
                new EnrolledFace(
                    new PersonId("person-" + i),
                    new FaceTemplate(OpenCvDemonstration.METHOD.version(), templates.get(i))))
            .toList();
    try (var matcher =
            new OpenCvFaces(
                library,
                OpenCvDemonstration.METHOD,
                OpenCvDemonstration.THRESHOLDS,
                OpenCvDemonstration::new);
        var none = matcher.gallery(List.of());
        var gallery = matcher.gallery(faces)) {
      none.match(snapshot);
      var before = Pointer.physicalBytes();
      gallery.match(snapshot);
      var memory = (Pointer.physicalBytes() - before) / 1e6;
      try (var plain = new PlainOpenCv(templates)) {
        plain.match(snapshot);
        var found = new ArrayList<Round>();
        for (var i = 0; i < rounds; i++) {
          // In turns, and the next time in the other order: what slows down one slows both.
          var first = i % 2 == 0 ? milliseconds(() -> gallery.match(snapshot)) : 0;
          var floor = milliseconds(() -> plain.match(snapshot));
          var second = i % 2 == 0 ? first : milliseconds(() -> gallery.match(snapshot));
          found.add(new Round(second, floor));
        }
        return new Speed(templates.size(), found, Math.max(0, memory));
      }
    }
  }

  private static double milliseconds(Runnable what) {
    var began = CPU.getCurrentThreadCpuTime();
    what.run();
    return (CPU.getCurrentThreadCpuTime() - began) / 1e6;
  }

  /** Detects and predicts, and nothing else: as OpenCV's own samples do. */
  private static final class PlainOpenCv implements AutoCloseable {

    private final CascadeClassifier faces =
        OpenCvDemonstration.cascade("haarcascade_frontalface_default.xml");
    private final LBPHFaceRecognizer recognizer =
        LBPHFaceRecognizer.create(
            OpenCvDemonstration.RADIUS,
            OpenCvDemonstration.POINTS,
            OpenCvDemonstration.CELLS,
            OpenCvDemonstration.CELLS,
            Double.MAX_VALUE);

    PlainOpenCv(List<byte[]> templates) {
      var side = OpenCvDemonstration.SIZE;
      try (var _ = new PointerScope()) {
        var images =
            templates.stream()
                .map(it -> {
                  var image = new Mat(side, side, CV_8UC1);
                  image.data().put(it);
                  return image;
                })
                .toArray(Mat[]::new);
        var labels = new Mat(images.length, 1, CV_32SC1);
        for (var i = 0; i < images.length; i++) {
          labels.ptr(i).putInt(i);
        }
        recognizer.train(new MatVector(images), labels);
      }
    }

    void match(byte[] file) {
      try (var _ = new PointerScope()) {
        var picture = decoded(file);
        var scale = OpenCvDemonstration.LONGEST_SIDE / (double) picture.cols();
        var looked = new Mat();
        opencv_imgproc.resize(picture, looked, new Size(), scale, scale, opencv_imgproc.INTER_AREA);
        var boxes = new RectVector();
        var least = OpenCvDemonstration.LEAST_FACE;
        faces.detectMultiScale(
            looked,
            boxes,
            OpenCvDemonstration.SCALE_STEP,
            OpenCvDemonstration.NEIGHBOURS,
            0,
            new Size(least, least),
            new Size());
        for (long i = 0; i < boxes.size(); i++) {
          var face = new Mat();
          var side = OpenCvDemonstration.SIZE;
          opencv_imgproc.resize(new Mat(looked, boxes.get(i)), face, new Size(side, side));
          opencv_imgproc.equalizeHist(face, face);
          recognizer.predict(face, new int[1], new double[1]);
        }
      }
    }

    @Override
    public void close() {
      faces.close();
      recognizer.close();
    }
  }

  /** Somebody at a table, 1920 × 1080 pixels. */
  private byte[] snapshot() throws IOException {
    try (var _ = new PointerScope()) {
      var snapshot = new Mat();
      opencv_imgproc.resize(
          decoded(Files.readAllBytes(data.resolve("coffee.png"))), snapshot, new Size(1920, 1080));
      var somebody = new Mat();
      opencv_imgproc.resize(
          decoded(Files.readAllBytes(data.resolve("astronaut.png"))), somebody, new Size(900, 900));
      somebody.copyTo(new Mat(snapshot, new Rect(500, 180, 900, 900)));
      return encoded(".jpg", snapshot);
    }
  }

  /** As far away as a small face can be told from noise. */
  private static byte[] enlarged(byte[] pixels, int side) {
    try (var _ = new PointerScope()) {
      var small = new Mat(side, side, CV_8UC1);
      small.data().put(pixels);
      var large = new Mat();
      opencv_imgproc.resize(
          small, large, new Size(FACE_SIDE, FACE_SIDE), 0, 0, opencv_imgproc.INTER_CUBIC);
      var picture = new Mat();
      copyMakeBorder(
          large, picture, AROUND, AROUND, AROUND, AROUND, BORDER_REPLICATE, new Scalar());
      return encoded(".png", picture);
    }
  }

  private static byte[] encoded(String format, Mat picture) {
    var file = new BytePointer();
    opencv_imgcodecs.imencode(format, picture, file);
    var bytes = new byte[(int) file.limit()];
    file.get(bytes);
    return bytes;
  }

  private static Mat decoded(byte[] file) {
    return opencv_imgcodecs.imdecode(
        new Mat(1, file.length, CV_8UC1, new BytePointer(file)), opencv_imgcodecs.IMREAD_GRAYSCALE);
  }
}
