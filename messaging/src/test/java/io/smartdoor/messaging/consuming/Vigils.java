package io.smartdoor.messaging.consuming;

import io.smartdoor.messaging.idempotency.IdempotencyStore;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.Executor;

/** Vigils that look when a test says so, and do at once what is due. */
final class Vigils {

  static final Duration VISIBILITY = Duration.ofSeconds(30);
  static final Duration LONGEST_HANDLING = Duration.ofMinutes(5);

  private Vigils() {}

  static Vigil over(IdempotencyStore store, Clock clock, Duration lease) {
    return over(store, clock, lease, Runnable::run);
  }

  /** One whose calls {@code executor} makes. */
  static Vigil over(IdempotencyStore store, Clock clock, Duration lease, Executor executor) {
    return new Vigil(
        "notification",
        store,
        clock,
        new Vigil.Limits(lease, VISIBILITY, LONGEST_HANDLING),
        executor);
  }
}
