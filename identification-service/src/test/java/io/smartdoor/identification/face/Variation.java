package io.smartdoor.identification.face;

import static org.bytedeco.opencv.global.opencv_core.BORDER_REPLICATE;
import static org.bytedeco.opencv.global.opencv_core.CV_8UC1;
import static org.bytedeco.opencv.global.opencv_imgcodecs.IMREAD_GRAYSCALE;
import static org.bytedeco.opencv.global.opencv_imgcodecs.IMWRITE_JPEG_QUALITY;
import static org.bytedeco.opencv.global.opencv_imgcodecs.imdecode;
import static org.bytedeco.opencv.global.opencv_imgcodecs.imencode;
import static org.bytedeco.opencv.global.opencv_imgproc.GaussianBlur;
import static org.bytedeco.opencv.global.opencv_imgproc.INTER_AREA;
import static org.bytedeco.opencv.global.opencv_imgproc.INTER_LINEAR;
import static org.bytedeco.opencv.global.opencv_imgproc.getRotationMatrix2D;
import static org.bytedeco.opencv.global.opencv_imgproc.resize;
import static org.bytedeco.opencv.global.opencv_imgproc.warpAffine;

import java.util.Random;
import java.util.function.BiFunction;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Point2f;
import org.bytedeco.opencv.opencv_core.Rect;
import org.bytedeco.opencv.opencv_core.Scalar;
import org.bytedeco.opencv.opencv_core.Size;

/** What another visit changes in a grey picture; the same picture and seed give the same. */
enum Variation {
  DIM("light × 0.5", (picture, _) -> lit(picture, 0.5, 0)),
  BRIGHT("light × 1.3, + 20", (picture, _) -> lit(picture, 1.3, 20)),
  SIDELONG("light × 0.6 to × 1.4 from left to right", (picture, _) -> sidelong(picture)),
  SOFT("blur, σ 1.5", (picture, _) -> blurred(picture, 1.5)),
  BLURRED("blur, σ 3", (picture, _) -> blurred(picture, 3)),
  TURNED_LEFT("turned by 5°", (picture, _) -> turned(picture, 5)),
  TURNED_RIGHT("turned by −5°", (picture, _) -> turned(picture, -5)),
  TURNED_FAR("turned by 10°", (picture, _) -> turned(picture, 10)),
  CUT("cut by 7 and 11 pixels", (picture, _) -> cut(picture)),
  NEARER("size × 1.2", (picture, _) -> scaled(picture, 1.2)),
  FARTHER("size × 0.8", (picture, _) -> scaled(picture, 0.8)),
  NOISY("noise, σ 5", (picture, seed) -> noisy(picture, 5, seed)),
  NOISIER("noise, σ 10", (picture, seed) -> noisy(picture, 10, seed)),
  COMPRESSED("JPEG, quality 40", (picture, _) -> compressed(picture));

  private final String label;

  @SuppressWarnings("ImmutableEnumChecker") // none of them has a state
  private final BiFunction<Mat, Integer, Mat> change;

  Variation(String label, BiFunction<Mat, Integer, Mat> change) {
    this.label = label;
    this.change = change;
  }

  String label() {
    return label;
  }

  Mat of(Mat picture, int seed) {
    return change.apply(picture, seed);
  }

  private static Mat lit(Mat picture, double gain, double more) {
    var result = new Mat();
    picture.convertTo(result, CV_8UC1, gain, more);
    return result;
  }

  private static Mat sidelong(Mat picture) {
    return eachPixel(picture, (value, x) -> value * (0.6 + 0.8 * x / picture.cols()));
  }

  private static Mat noisy(Mat picture, double sigma, int seed) {
    var random = new Random(seed);
    return eachPixel(picture, (value, _) -> value + sigma * random.nextGaussian());
  }

  private interface Pixel {
    double of(int value, int x);
  }

  private static Mat eachPixel(Mat picture, Pixel change) {
    var result = picture.clone();
    var row = new byte[picture.cols()];
    for (var y = 0; y < picture.rows(); y++) {
      result.ptr(y).get(row);
      for (var x = 0; x < row.length; x++) {
        row[x] = (byte) Math.clamp(Math.round(change.of(row[x] & 0xFF, x)), 0, 255);
      }
      result.ptr(y).put(row);
    }
    return result;
  }

  private static Mat blurred(Mat picture, double sigma) {
    var result = new Mat();
    GaussianBlur(picture, result, new Size(), sigma);
    return result;
  }

  private static Mat turned(Mat picture, double degrees) {
    var result = new Mat();
    var middle = new Point2f(picture.cols() / 2f, picture.rows() / 2f);
    warpAffine(
        picture,
        result,
        getRotationMatrix2D(middle, degrees, 1),
        picture.size(),
        INTER_LINEAR,
        BORDER_REPLICATE,
        new Scalar());
    return result;
  }

  private static Mat cut(Mat picture) {
    return new Mat(picture, new Rect(7, 11, picture.cols() - 20, picture.rows() - 20)).clone();
  }

  private static Mat scaled(Mat picture, double scale) {
    var result = new Mat();
    resize(picture, result, new Size(), scale, scale, scale < 1 ? INTER_AREA : INTER_LINEAR);
    return result;
  }

  private static Mat compressed(Mat picture) {
    var file = new BytePointer();
    imencode(".jpg", picture, file, new IntPointer(IMWRITE_JPEG_QUALITY, 40));
    return imdecode(new Mat(1, (int) file.limit(), CV_8UC1, file), IMREAD_GRAYSCALE);
  }
}
