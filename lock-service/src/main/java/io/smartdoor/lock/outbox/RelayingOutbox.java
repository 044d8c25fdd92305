package io.smartdoor.lock.outbox;

import io.smartdoor.events.DoorId;
import java.time.Duration;
import java.util.Optional;

/** An outbox that sets about publishing what it has just accepted. */
final class RelayingOutbox implements Outbox {

  private final Outbox outbox;
  private final RelayQueue queue;
  private final Duration lease;

  RelayingOutbox(Outbox outbox, RelayQueue queue, Duration lease) {
    this.outbox = outbox;
    this.queue = queue;
    this.lease = lease;
  }

  @Override
  public Acceptance accept(AcceptedEvent event) {
    var acceptance = outbox.accept(event);
    if (acceptance instanceof Acceptance.New) {
      queue.signal(PendingEvent.accepted(event, lease));
    }
    return acceptance;
  }

  @Override
  public Optional<RecordedEvent> newest(DoorId door) {
    return outbox.newest(door);
  }

  @Override
  public HistoryPage history(DoorId door, int limit, Optional<HistoryPosition> before) {
    return outbox.history(door, limit, before);
  }
}
