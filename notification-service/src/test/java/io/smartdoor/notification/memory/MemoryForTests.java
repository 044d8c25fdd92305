package io.smartdoor.notification.memory;

import io.smartdoor.messaging.testing.SettableClock;
import java.time.Duration;
import java.time.Instant;

/** A memory of two seconds that grows old by a test's clock. */
public final class MemoryForTests {

  public static final Duration KEPT = Duration.ofSeconds(2);
  public static final Duration CLOCK_DIFFERENCE = Duration.ofMillis(20);

  private MemoryForTests() {}

  public static Memory by(SettableClock clock) {
    return new Memory(
        KEPT,
        CLOCK_DIFFERENCE,
        clock,
        () -> Duration.between(Instant.EPOCH, clock.instant()).toNanos());
  }
}
