package io.smartdoor.bench;

/**
 * Where values stand along an axis.
 *
 * @param from the value at {@code start}; above 0 where logarithmic
 * @param start in pixels, as is {@code end}
 */
record Scale(double from, double to, double start, double end, boolean logarithmic) {

  Scale {
    if (!(from < to) || (logarithmic && from <= 0)) {
      throw new IllegalArgumentException("expected an axis, found %f to %f".formatted(from, to));
    }
  }

  static Scale linear(double from, double to, double start, double end) {
    return new Scale(from, to, start, end, false);
  }

  static Scale logarithmic(double from, double to, double start, double end) {
    return new Scale(from, to, start, end, true);
  }

  /** In pixels; what lies outside stands at the edge. */
  double at(double value) {
    var inside = Math.clamp(value, from, to);
    var share =
        logarithmic ? Math.log(inside / from) / Math.log(to / from) : (inside - from) / (to - from);
    return start + share * (end - start);
  }
}
