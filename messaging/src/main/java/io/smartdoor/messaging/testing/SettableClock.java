package io.smartdoor.messaging.testing;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicReference;

/** A clock that stands still until a test moves it. In UTC. Safe for use by several threads. */
public final class SettableClock extends Clock {

  private final AtomicReference<Instant> now;

  /** A clock that shows {@code start}. */
  public SettableClock(Instant start) {
    now = new AtomicReference<>(start);
  }

  /** Moves the clock on; back, where {@code duration} is negative. */
  public void advance(Duration duration) {
    now.updateAndGet(before -> before.plus(duration));
  }

  /** Shows {@code instant} from now on. */
  public void set(Instant instant) {
    now.set(instant);
  }

  @Override
  public Instant instant() {
    return now.get();
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    throw new UnsupportedOperationException("this clock shows instants, and those have no zone");
  }
}
