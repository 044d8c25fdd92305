package io.smartdoor.lock.outbox;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Another backlog, of which a test changes something. */
class WatchedBacklog implements Backlog {

  private final Backlog backlog;

  WatchedBacklog(Backlog backlog) {
    this.backlog = backlog;
  }

  @Override
  public Iterable<List<PendingEvent>> due(int shard, Instant now) {
    return backlog.due(shard, now);
  }

  @Override
  public Optional<PendingEvent> lease(PendingEvent event, Instant now, Instant until) {
    return backlog.lease(event, now, until);
  }

  @Override
  public void settle(PendingEvent event, Settlement settlement) {
    backlog.settle(event, settlement);
  }

  @Override
  public Optional<Instant> oldest() {
    return backlog.oldest();
  }

  @Override
  public Survey survey() {
    return backlog.survey();
  }
}
