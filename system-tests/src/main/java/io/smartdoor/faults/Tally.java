package io.smartdoor.faults;

import java.time.Duration;
import java.util.function.Supplier;

/** Counts what happened, for somebody who waits for it. Safe for use by several threads. */
final class Tally {

  private int count;

  synchronized void add() {
    count++;
    notifyAll();
  }

  synchronized int count() {
    return count;
  }

  /**
   * @throws AssertionError if there are fewer when the limit has passed
   */
  synchronized void await(int expected, Duration limit, Supplier<String> what)
      throws InterruptedException {
    var end = System.nanoTime() + limit.toNanos();
    while (count < expected) {
      var left = (end - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        throw new AssertionError(
            "expected %d within %s, found %d: %s".formatted(expected, limit, count, what.get()));
      }
      wait(left);
    }
  }
}
