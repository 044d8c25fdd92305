package io.smartdoor.identification.face;

import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_imgcodecs;
import org.bytedeco.opencv.global.opencv_imgproc;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Size;
import org.bytedeco.opencv.opencv_objdetect.FaceDetectorYN;
import org.bytedeco.opencv.opencv_objdetect.FaceRecognizerSF;

/**
 * Faces by the neural networks YuNet and SFace, whose model files the operator brings:
 * https://github.com/opencv/opencv_zoo (face_detection_yunet, face_recognition_sface). Not measured
 * here, as no model comes with OpenCV.
 *
 * <p>A template is SFace's feature: 128 numbers of unit length, as big-endian floats.
 */
final class OpenCvModels implements OpenCvMethod {

  static final FaceMethod METHOD =
      new FaceMethod("yunet-sface-1", "OpenCV's YuNet and SFace, with the operator's model files");

  /**
   * Of the cosine of two features. OpenCV's own is 0.363, by pairs of LFW: below it nobody is known
   * (https://docs.opencv.org/4.x/d0/dd4/tutorial_dnn_face.html). A door asks for more to know
   * somebody.
   */
  static final Thresholds THRESHOLDS = Thresholds.of(50, 36.3);

  /** Of the tutorial, too: least score, overlap of two boxes for one face, most candidates. */
  private static final float LEAST_SCORE = 0.9f;

  private static final float OVERLAP = 0.3f;
  private static final int CANDIDATES = 5000;

  /** YuNet was trained on faces from 10 to 300 pixels: larger pictures are made smaller. */
  private static final int LONGEST_SIDE = 1280;

  /** x, y, width, height, five points, and the score, which is not looked at again. */
  private static final int ROW = 15;

  /** Of OpenCV's dnn module: its own, on the processor. */
  private static final int DEFAULT_BACKEND = 0;

  private static final int CPU = 0;

  private final FaceDetectorYN detector;
  private final FaceRecognizerSF recognizer;

  OpenCvModels(Path detector, Path recognizer) {
    try (var _ = new PointerScope()) {
      this.detector =
          FaceDetectorYN.create(
              detector.toString(),
              "",
              new Size(LONGEST_SIDE, LONGEST_SIDE),
              LEAST_SCORE,
              OVERLAP,
              CANDIDATES,
              DEFAULT_BACKEND,
              CPU);
      this.recognizer = FaceRecognizerSF.create(recognizer.toString(), "");
      // They outlive this scope: close() frees them.
      this.detector.retainReference();
      this.recognizer.retainReference();
    } catch (RuntimeException e) {
      throw new FaceMatcherUnavailableException(
          "expected models of YuNet and SFace in %s and %s, found: %s"
              .formatted(detector, recognizer, e.getMessage()),
          false,
          e);
    }
  }

  @Override
  public int colours() {
    return opencv_imgcodecs.IMREAD_COLOR;
  }

  @Override
  public List<Found> find(Mat picture) {
    try (var _ = new PointerScope()) {
      var longest = Math.max(picture.cols(), picture.rows());
      var scale = Math.max(1.0, longest / (double) LONGEST_SIDE);
      var looked = picture;
      if (scale > 1) {
        looked = new Mat();
        opencv_imgproc.resize(
            picture, looked, new Size(), 1 / scale, 1 / scale, opencv_imgproc.INTER_AREA);
      }
      detector.setInputSize(looked.size());
      var rows = new Mat();
      detector.detect(looked, rows);
      var found = new ArrayList<Found>();
      for (var i = 0; i < rows.rows(); i++) {
        var numbers = new float[ROW];
        new FloatPointer(rows.ptr(i)).get(numbers);
        var row = new ArrayList<Float>();
        for (var number : numbers) {
          row.add((float) (number * scale));
        }
        found.add(
            new Found(
                row.get(0).intValue(),
                row.get(1).intValue(),
                row.get(2).intValue(),
                row.get(3).intValue(),
                row));
      }
      found.sort(Found.LARGEST_FIRST);
      return found;
    }
  }

  @Override
  public byte[] template(Mat picture, Found face) {
    try (var _ = new PointerScope()) {
      var row = new Mat(1, ROW, opencv_core.CV_32FC1);
      var numbers = new FloatPointer(row.data());
      for (var i = 0; i < ROW; i++) {
        numbers.put(i, face.row().get(i));
      }
      var aligned = new Mat();
      recognizer.alignCrop(picture, row, aligned);
      var feature = new Mat();
      recognizer.feature(aligned, feature);
      var values = new float[(int) feature.total()];
      new FloatPointer(feature.data()).get(values);
      var length = Math.sqrt(dot(values, values));
      var bytes = ByteBuffer.allocate(values.length * Float.BYTES);
      for (var number : values) {
        bytes.putFloat((float) (number / length));
      }
      return bytes.array();
    }
  }

  @Override
  public Known known(List<byte[]> templates) {
    var features = templates.stream().map(OpenCvModels::floats).toList();
    return new Known() {
      @Override
      public double[] confidences(byte[] template) {
        var one = floats(template);
        return features.stream().mapToDouble(it -> 100 * dot(one, it)).toArray();
      }

      @Override
      public void close() {}
    };
  }

  private static float[] floats(byte[] template) {
    FloatBuffer numbers = ByteBuffer.wrap(template).asFloatBuffer();
    var floats = new float[numbers.remaining()];
    numbers.get(floats);
    return floats;
  }

  private static double dot(float[] one, float[] other) {
    if (one.length != other.length) {
      throw new IllegalArgumentException(
          "expected templates of one length, found %d and %d".formatted(one.length, other.length));
    }
    var sum = 0.0;
    for (var i = 0; i < one.length; i++) {
      sum += (double) one[i] * other[i];
    }
    return sum;
  }

  @Override
  public void close() {
    detector.close();
    recognizer.close();
  }
}
