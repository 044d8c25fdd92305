package io.smartdoor.lock.outbox;

import io.smartdoor.events.DoorId;
import io.smartdoor.events.IdempotencyKey;
import io.smartdoor.messaging.publishing.OutgoingEvent;
import java.time.Instant;

/**
 * What the outbox keeps of a request: whose it is, what makes a repetition the same, what was
 * answered, and what goes onto the bus.
 *
 * @param body of the request that brought it
 * @param occurredAt at the door, to the millisecond
 * @param acceptedAt by this service, to the millisecond
 */
public record AcceptedEvent(
    IdempotencyKey key,
    DoorId door,
    BodyDigest body,
    Instant occurredAt,
    Instant acceptedAt,
    OutgoingEvent outgoing) {}
