package io.smartdoor.notification.memory;

import com.github.benmanes.caffeine.cache.Ticker;
import java.time.Clock;
import java.time.Duration;

/**
 * How this instance remembers what it has read.
 *
 * @param kept how long a reading is used at most; zero: not at all
 * @param clockDifference by how much the clocks of the services' machines may differ: a reading
 *     counts as later than an event only if it is later by more than that
 * @param ticker measures how old a reading is
 */
public record Memory(Duration kept, Duration clockDifference, Clock clock, Ticker ticker) {

  /** A change made elsewhere would be noticed later than anybody expects. */
  private static final Duration LONGEST = Duration.ofMinutes(1);

  public Memory {
    if (kept.isNegative() || kept.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          "smartdoor.notification.memory.kept: expected 0s to 1m, found " + kept);
    }
    if (clockDifference.isNegative()) {
      throw new IllegalArgumentException(
          "smartdoor.notification.memory.clock-difference: expected 0s or more, found "
              + clockDifference);
    }
  }

  /** Readings of one kind, none so far; of the last {@code most} keys at most. */
  public <K, V> Readings<K, V> readings(int most) {
    return new Readings<>(this, most);
  }
}
