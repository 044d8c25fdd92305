package io.smartdoor.bench;

import java.util.List;

/**
 * What was measured at each number of doors.
 *
 * <p>Flat is what stays within the noise: no median is worse than the first one by more than twice
 * what the first one's rounds differ from their median, in the median; by a tenth it may always be,
 * and by more than a quarter never.
 */
record Growth(List<Size> sizes) {

  /** By which a figure may differ though its rounds happen to agree. */
  private static final double ALWAYS_NOISE = 0.1;

  /** However much rounds differ: what is worse by more is no noise. */
  private static final double MOST_NOISE = 0.25;

  /** For rounds that differ as chance has it, nearly all are within two such distances or three. */
  private static final int TWICE = 2;

  /** Rates and requests per event, one of each per round. */
  record Size(int doors, List<Double> perSecond, List<Double> requests) {}

  Growth {
    sizes = List.copyOf(sizes);
    if (sizes.size() < 2) {
      throw new IllegalArgumentException("expected two sizes or more, found " + sizes);
    }
  }

  boolean isFlat() {
    var first = sizes.getFirst();
    var rate = Statistics.median(first.perSecond());
    var requests = Statistics.median(first.requests());
    return sizes.stream()
        .allMatch(it ->
            Statistics.median(it.perSecond()) >= rate * (1 - noise(first.perSecond()))
                && Statistics.median(it.requests()) <= requests * (1 + noise(first.requests())));
  }

  double rateNoise() {
    return noise(sizes.getFirst().perSecond());
  }

  double requestsNoise() {
    return noise(sizes.getFirst().requests());
  }

  /** The median distance of rounds from their median, in relation to it. */
  static double noise(List<Double> values) {
    var median = Statistics.median(values);
    var distance = Statistics.median(values.stream().map(it -> Math.abs(it - median)).toList());
    return Math.clamp(TWICE * distance / median, ALWAYS_NOISE, MOST_NOISE);
  }
}
