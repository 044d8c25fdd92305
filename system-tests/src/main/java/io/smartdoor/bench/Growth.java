package io.smartdoor.bench;

import java.util.List;

/**
 * What was measured at each number of doors.
 *
 * <p>Flat is what stays within the noise: no median is worse than the first one by more than the
 * first one's rounds differ from their median, or by more than a tenth.
 */
record Growth(List<Size> sizes) {

  /** By which a figure may differ though its rounds happen to agree. */
  private static final double ALWAYS_NOISE = 0.1;

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

  static double noise(List<Double> values) {
    var median = Statistics.median(values);
    var widest = Math.max(Statistics.most(values) - median, median - Statistics.least(values));
    return Math.max(ALWAYS_NOISE, widest / median);
  }
}
