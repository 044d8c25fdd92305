package io.smartdoor.lock.outbox;

import io.smartdoor.events.IdempotencyKey;
import io.smartdoor.messaging.publishing.OutgoingEvent;
import java.time.Duration;
import java.time.Instant;

/**
 * An event that is not known to be on the bus, and the right to put it there until {@code
 * leasedUntil}. Afterwards somebody else may do so too.
 *
 * @param attempts how often the bus did not take it
 */
record PendingEvent(
    IdempotencyKey key, OutgoingEvent outgoing, Instant since, Instant leasedUntil, int attempts) {

  /** {@code event} in the hands of the instance that has just accepted it. */
  static PendingEvent accepted(AcceptedEvent event, Duration lease) {
    return new PendingEvent(
        event.key(), event.outgoing(), event.acceptedAt(), event.acceptedAt().plus(lease), 0);
  }

  PendingEvent leased(Instant until) {
    return new PendingEvent(key, outgoing, since, until, attempts);
  }

  boolean isHeldAt(Instant now) {
    return now.isBefore(leasedUntil);
  }
}
