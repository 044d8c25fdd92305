package io.smartdoor.lock.webhook;

import com.github.benmanes.caffeine.cache.Ticker;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A token bucket. Holds one number, when the bucket will be full again (ITU-T I.371's generic cell
 * rate algorithm): nothing has to refill it. Safe for use by several threads.
 */
final class Allowance {

  private final long interval;
  private final long recovery;
  private final Ticker ticker;
  private final AtomicLong fullAt;

  /** Full at first. */
  Allowance(RateLimit limit, Ticker ticker) {
    this.interval = limit.interval().toNanos();
    this.recovery = limit.recovery().toNanos();
    this.ticker = ticker;
    this.fullAt = new AtomicLong(ticker.read());
  }

  /** Takes one, or says how long it is until there is one. Zero: it was taken. */
  Duration take() {
    var now = ticker.read();
    while (true) {
      var seen = fullAt.get();
      var next = Math.max(0, seen - now) + interval;
      if (next > recovery) {
        return Duration.ofNanos(next - recovery);
      }
      if (fullAt.compareAndSet(seen, now + next)) {
        return Duration.ZERO;
      }
    }
  }

  /** Puts back one that was taken. */
  void giveBack() {
    fullAt.addAndGet(-interval);
  }
}
