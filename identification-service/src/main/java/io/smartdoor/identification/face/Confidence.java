package io.smartdoor.identification.face;

/**
 * How alike two faces are, from 0 to 100. Of one {@linkplain FaceMethod method} alone: 80 of one
 * method is not 80 of another, and none of them is a probability.
 */
public record Confidence(double percent) implements Comparable<Confidence> {

  /** Nothing to compare with, or nothing alike. */
  public static final Confidence NONE = new Confidence(0);

  public Confidence {
    if (!(percent >= 0 && percent <= 100)) {
      throw new IllegalArgumentException("expected a confidence from 0 to 100, found " + percent);
    }
  }

  /** The nearest confidence there is. */
  static Confidence near(double percent) {
    return new Confidence(Math.clamp(percent, 0, 100));
  }

  boolean reaches(Confidence threshold) {
    return compareTo(threshold) >= 0;
  }

  @Override
  public int compareTo(Confidence other) {
    return Double.compare(percent, other.percent);
  }
}
