package io.smartdoor.identification.face;

import java.util.List;

/**
 * How much processor time one snapshot takes, beside plain OpenCV.
 *
 * @param enrolled faces in the gallery
 * @param rounds one after the other, in turns
 * @param galleryMegabytes resident memory that the gallery took
 */
record Speed(int enrolled, List<Round> rounds, double galleryMegabytes) {

  static final double MOST = 1.15;

  /** Milliseconds of the one thread. */
  record Round(double matcher, double plain) {

    double ratio() {
      return matcher / plain;
    }
  }

  double matcher() {
    return median(rounds.stream().map(Round::matcher).toList());
  }

  double plain() {
    return median(rounds.stream().map(Round::plain).toList());
  }

  double ratio() {
    return median(rounds.stream().map(Round::ratio).toList());
  }

  /**
   * @param tolerant if one round reached it, on a machine that has other work
   */
  boolean passed(boolean tolerant) {
    return tolerant ? rounds.stream().anyMatch(it -> it.ratio() <= MOST) : ratio() <= MOST;
  }

  private static double median(List<Double> of) {
    var sorted = of.stream().sorted().toList();
    var middle = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(middle)
        : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
  }
}
