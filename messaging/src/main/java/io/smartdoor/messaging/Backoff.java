package io.smartdoor.messaging;

import java.time.Duration;
import java.util.function.DoubleSupplier;

/**
 * How long to wait before something is tried again: twice as long each time, half of it at random,
 * so that those who failed together do not return together ("equal jitter", <a
 * href="https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/">Exponential
 * Backoff and Jitter</a>).
 *
 * @param first the most that is waited before the first repetition
 * @param longest the most that is ever waited
 * @param random gives numbers from 0 to below 1; called from several threads
 */
public record Backoff(Duration first, Duration longest, DoubleSupplier random) {

  public Backoff {
    if (!first.isPositive() || first.compareTo(longest) > 0) {
      throw new IllegalArgumentException(
          "expected 0 < first <= longest, found %s and %s".formatted(first, longest));
    }
  }

  /**
   * The wait before repetition {@code number}, counted from 1: between half of its limit and it.
   */
  public Duration delay(int number) {
    var half = limit(number).dividedBy(2);
    return half.plusNanos((long) (half.toNanos() * random.getAsDouble()));
  }

  private Duration limit(int number) {
    if (number < 1) {
      throw new IllegalArgumentException("expected a repetition of 1 or more, found " + number);
    }
    var limit = first;
    for (var i = 1; i < number && limit.compareTo(longest) < 0; i++) {
      limit = limit.multipliedBy(2);
    }
    return limit.compareTo(longest) < 0 ? limit : longest;
  }
}
