package io.smartdoor.identification.face;

/** How much of a picture is looked at. */
public final class PictureLimits {

  /** What Rekognition takes, too: https://docs.aws.amazon.com/rekognition/latest/dg/limits.html. */
  public static final int MOST_BYTES = 5 * 1024 * 1024;

  /** Of a camera of 24 megapixels; decoded in colour that is 72 MB. */
  public static final long MOST_PIXELS = 24_500_000;

  /** A camera's progressive JPEG has about ten; each one more goes over all pixels again. */
  static final int MOST_SCANS = 32;

  private PictureLimits() {}
}
