package io.smartdoor.bench;

import java.util.List;

/** The few numbers that say what many say. */
final class Statistics {

  private Statistics() {}

  /** The middle one, or the mean of the two in the middle. */
  static double median(List<Double> values) {
    var sorted = sorted(values);
    var half = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(half)
        : (sorted.get(half - 1) + sorted.get(half)) / 2;
  }

  /**
   * The smallest value that so many percent do not exceed (nearest rank): one that was measured.
   *
   * @param percent above 0, at most 100
   */
  static double percentile(List<Double> values, double percent) {
    if (percent <= 0 || percent > 100) {
      throw new IllegalArgumentException(
          "expected more than 0 and at most 100 percent, found " + percent);
    }
    var sorted = sorted(values);
    return sorted.get((int) Math.ceil(percent / 100 * sorted.size()) - 1);
  }

  static double least(List<Double> values) {
    return sorted(values).getFirst();
  }

  static double most(List<Double> values) {
    return sorted(values).getLast();
  }

  private static List<Double> sorted(List<Double> values) {
    if (values.isEmpty()) {
      throw new IllegalArgumentException("expected values, found none");
    }
    return values.stream().sorted().toList();
  }
}
