package io.smartdoor.bench;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Waiting for what a process or an emulator does: neither calls back. */
final class Patience {

  private static final Duration LIMIT = Duration.ofMinutes(2);

  private Patience() {}

  /**
   * Looks until it holds.
   *
   * @param pause between looks
   * @throws IllegalStateException if it does not hold within two minutes
   */
  static void until(String what, Duration pause, BooleanSupplier holds)
      throws InterruptedException {
    var end = System.nanoTime() + LIMIT.toNanos();
    while (!holds.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new IllegalStateException("expected within %s: %s".formatted(LIMIT, what));
      }
      TimeUnit.NANOSECONDS.sleep(pause.toNanos());
    }
  }
}
