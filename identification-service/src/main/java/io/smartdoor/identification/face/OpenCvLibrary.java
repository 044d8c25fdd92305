package io.smartdoor.identification.face;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.function.LongSupplier;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_face;
import org.bytedeco.opencv.global.opencv_imgcodecs;
import org.bytedeco.opencv.global.opencv_imgproc;
import org.bytedeco.opencv.global.opencv_objdetect;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * OpenCV in this process: not there until the first face is looked at, for good from then on.
 *
 * <p>Its libraries are unpacked from their jars (some 140 MB) into a folder of this process alone
 * under {@code java.io.tmpdir}, which must allow executing, and which is removed when the process
 * ends. Who sets {@code org.bytedeco.javacpp.cachedir} keeps them there. Safe for use by several
 * threads.
 */
final class OpenCvLibrary {

  /** What is known of it. */
  sealed interface State {

    record NotLoaded() implements State {}

    record Loaded(Duration took) implements State {}

    /** For good: a class whose native library failed to load is lost to a JVM. */
    record Failed(String message) implements State {}
  }

  private static final Logger log = LoggerFactory.getLogger(OpenCvLibrary.class);

  private static final String UNPACKED = "org.bytedeco.javacpp.cachedir";

  private static final String LIBRARIES_WANTED = "org.bytedeco.javacpp.loadlibraries";

  private static final List<String> UNWANTED =
      List.of(
          "org.bytedeco.opencv.global.opencv_highgui", "org.bytedeco.opencv.global.opencv_videoio");

  private final LongSupplier nanoTime;
  private volatile State state = new State.NotLoaded();

  OpenCvLibrary(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  State state() {
    return state;
  }

  /**
   * Returns when OpenCV can be used.
   *
   * @throws FaceMatcherUnavailableException where its libraries do not load
   */
  synchronized void load() {
    switch (state) {
      case State.Loaded(_) -> {
        return;
      }
      case State.Failed(var message) -> throw unavailable(message, null);
      case State.NotLoaded() -> {}
    }
    var began = nanoTime.getAsLong();
    try {
      loadFrom(System.getProperty(UNPACKED));
    } catch (IOException | LinkageError | RuntimeException e) {
      state = new State.Failed(e.toString());
      throw unavailable(e.toString(), e);
    }
    var took = Duration.ofNanos(nanoTime.getAsLong() - began);
    state = new State.Loaded(took);
    log.info("OpenCV {} loaded in {} ms", opencv_core.CV_VERSION, took.toMillis());
  }

  private static FaceMatcherUnavailableException unavailable(
      String found, @Nullable Throwable cause) {
    return new FaceMatcherUnavailableException(
        "expected OpenCV's libraries to load from %s, which must allow executing, found: %s"
            .formatted(System.getProperty("java.io.tmpdir"), found),
        false,
        cause);
  }

  private static void loadFrom(@Nullable String kept) throws IOException {
    // We free what we allocate; JavaCPP's own limits would count the whole process against the
    // heap's.
    System.setProperty("org.bytedeco.javacpp.maxBytes", "0");
    System.setProperty("org.bytedeco.javacpp.maxPhysicalBytes", "0");
    if (kept == null) {
      var folder = Files.createTempDirectory("smartdoor-opencv-");
      Runtime.getRuntime().addShutdownHook(new Thread(() -> remove(folder)));
      System.setProperty(UNPACKED, folder.toString());
    }
    link();
  }

  /** All that is used, so that no picture later waits for it, or fails by it. */
  private static void link() {
    withoutWindows();
    Loader.load(opencv_core.class);
    Loader.load(opencv_imgproc.class);
    Loader.load(opencv_imgcodecs.class);
    Loader.load(opencv_objdetect.class);
    Loader.load(opencv_face.class);
    // One picture, one thread: the same picture always gives the same faces in the same order.
    opencv_core.setNumThreads(1);
    opencv_core.setRNGSeed(0);
  }

  /**
   * OpenCV's windows need GTK, which no server and no image has; JavaCPP loads them all the same,
   * as what detects objects inherits them. Classes that were initialised without their library are
   * not looked at again.
   */
  private static void withoutWindows() {
    var before = System.getProperty(LIBRARIES_WANTED, "true");
    System.setProperty(LIBRARIES_WANTED, "false");
    try {
      for (var unwanted : UNWANTED) {
        Class.forName(unwanted);
      }
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(e);
    } finally {
      System.setProperty(LIBRARIES_WANTED, before);
    }
  }

  private static void remove(Path folder) {
    try (var files = Files.walk(folder)) {
      for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException | UncheckedIOException _) {
      // The process ends, and its machine knows what temporary means.
    }
  }
}
