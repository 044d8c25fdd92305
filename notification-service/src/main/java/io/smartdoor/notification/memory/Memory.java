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

  public Memory {
    if (kept.isNegative() || clockDifference.isNegative()) {
      throw new IllegalArgumentException(
          "expected times of 0s or more, found %s and %s".formatted(kept, clockDifference));
    }
  }

  /** Readings of one kind, none so far; of the last {@code most} keys at most. */
  public <K, V> Readings<K, V> readings(int most) {
    return new Readings<>(this, most);
  }
}
