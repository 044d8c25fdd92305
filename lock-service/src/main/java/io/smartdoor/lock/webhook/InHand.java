package io.smartdoor.lock.webhook;

import com.github.benmanes.caffeine.cache.Ticker;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;

/**
 * The webhooks that are worked on, which are limited in number. One too many is not kept waiting:
 * whoever sends it comes again when there is room. Safe for use by several threads.
 */
final class InHand {

  private final Semaphore places;
  private final long patience;
  private final Ticker ticker;

  /**
   * @param patience how long after it came in work on a webhook may still begin
   */
  InHand(int most, Duration patience, Ticker ticker) {
    this.places = new Semaphore(most);
    this.patience = patience.toNanos();
    this.ticker = ticker;
  }

  /** Now, for {@link #isLate}. */
  long now() {
    return ticker.read();
  }

  /** Whether there is no room at the moment: nothing is worth reading then. */
  boolean isFull() {
    return places.availablePermits() == 0;
  }

  /** Whether what came in then has waited for so long that its sender may have given up. */
  boolean isLate(long since) {
    return ticker.read() - since > patience;
  }

  /** What {@code work} comes to; empty, and nothing done, where there is no room. */
  <T> Optional<T> work(Supplier<T> work) {
    if (!places.tryAcquire()) {
      return Optional.empty();
    }
    try {
      return Optional.of(work.get());
    } finally {
      places.release();
    }
  }
}
