package io.smartdoor.lock.webhook;

import java.time.Duration;

/**
 * So many at once, and so many a second in the long run.
 *
 * @param perSecond more than 0
 * @param burst 1 or more
 */
public record RateLimit(double perSecond, int burst) {

  public RateLimit {
    if (!(perSecond > 0) || perSecond > 1_000_000_000 || burst < 1) {
      throw new IllegalArgumentException(
          "expected more than 0 a second and 1 or more at once, found %s and %d"
              .formatted(perSecond, burst));
    }
  }

  /** From one to the next, in the long run. */
  Duration interval() {
    return Duration.ofNanos(Math.max(1, (long) (1_000_000_000 / perSecond)));
  }

  /** After so long without any, a burst is possible again. */
  Duration recovery() {
    return interval().multipliedBy(burst);
  }
}
