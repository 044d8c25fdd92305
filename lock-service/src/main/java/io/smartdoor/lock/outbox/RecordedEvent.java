package io.smartdoor.lock.outbox;

import io.smartdoor.events.DoorStatus;
import io.smartdoor.events.IdempotencyKey;
import java.time.Instant;
import java.util.Optional;

/**
 * An accepted event as it stands now.
 *
 * @param publishedAt when the bus took it
 * @param parkedCode why the bus will never take it: EventBridge's error code
 */
public record RecordedEvent(
    DoorStatus event,
    Instant occurredAt,
    Instant acceptedAt,
    Optional<Instant> publishedAt,
    Optional<String> parkedCode) {

  /** What it was accepted under, and is published under. */
  public IdempotencyKey key() {
    return event.metadata().idempotencyKey();
  }
}
