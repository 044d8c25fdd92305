package io.smartdoor.lock.outbox;

import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** Another backlog, which counts in {@code lost} the leases that it did not give. */
final class CountedLeases extends WatchedBacklog {

  private final AtomicInteger lost;

  CountedLeases(Backlog backlog, AtomicInteger lost) {
    super(backlog);
    this.lost = lost;
  }

  @Override
  public Optional<PendingEvent> lease(PendingEvent event, Instant now, Instant until) {
    var leased = super.lease(event, now, until);
    if (leased.isEmpty()) {
      lost.incrementAndGet();
    }
    return leased;
  }
}
