package io.smartdoor.lock.outbox;

import io.smartdoor.events.DoorId;
import io.smartdoor.events.IdempotencyKey;
import io.smartdoor.messaging.publishing.OutgoingEvent;
import java.time.Instant;

/**
 * An event that the bus refused for good.
 *
 * @param parkedAt to the millisecond
 * @param code EventBridge's, of the refusal
 * @param message EventBridge's, of the refusal
 */
record ParkedEvent(
    IdempotencyKey key,
    DoorId door,
    OutgoingEvent outgoing,
    Instant acceptedAt,
    Instant parkedAt,
    String code,
    String message) {

  HistoryPosition position() {
    return new HistoryPosition(parkedAt, key);
  }
}
