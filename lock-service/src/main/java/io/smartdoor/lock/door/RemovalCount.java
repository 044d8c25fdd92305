package io.smartdoor.lock.door;

import com.github.benmanes.caffeine.cache.Ticker;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;

/**
 * How many doors were ever removed, as of a moment ago at most.
 *
 * <p>Halfway through that moment one caller reads it anew while the others go on with what is
 * known; only when nobody called for longer does each caller read. None waits for another's read.
 * Safe for use by several threads.
 */
final class RemovalCount {

  /**
   * @param generation how often what was known had been declared out of date before it was read
   */
  private record Known(long count, long readAt, long generation) {

    boolean isNewerThan(Known other) {
      return generation == other.generation()
          ? readAt - other.readAt() > 0
          : generation > other.generation();
    }
  }

  private final LongSupplier source;
  private final long validFor;
  private final Ticker ticker;
  private final AtomicReference<Known> known;
  private final AtomicBoolean renewing = new AtomicBoolean();

  /**
   * @param validFor how old a count may be
   */
  RemovalCount(LongSupplier source, Duration validFor, Ticker ticker) {
    this.source = source;
    this.validFor = validFor.toNanos();
    this.ticker = ticker;
    this.known = new AtomicReference<>(outdated(-1, 0));
  }

  /** Whatever was read last, however long ago: what is read after this is no older. */
  long lastKnown() {
    return known.get().count();
  }

  /** As of {@code validFor} ago at most. */
  long current() {
    var seen = known.get();
    var age = ticker.read() - seen.readAt();
    if (age < validFor / 2 || (age < validFor && !renewing.compareAndSet(false, true))) {
      return seen.count();
    }
    try {
      return read();
    } finally {
      renewing.set(false);
    }
  }

  /** What is known, and what is just being read, is out of date: the next caller reads. */
  void expire() {
    known.updateAndGet(it -> outdated(it.count(), it.generation() + 1));
  }

  private long read() {
    var generation = known.get().generation();
    var started = ticker.read();
    var read = new Known(source.getAsLong(), started, generation);
    return known
        .accumulateAndGet(read, (present, ours) -> present.isNewerThan(ours) ? present : ours)
        .count();
  }

  private Known outdated(long count, long generation) {
    return new Known(count, ticker.read() - validFor, generation);
  }
}
