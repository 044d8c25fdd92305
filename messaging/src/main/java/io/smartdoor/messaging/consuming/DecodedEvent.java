package io.smartdoor.messaging.consuming;

import io.smartdoor.messaging.idempotency.EventKey;
import java.time.Instant;
import java.util.Optional;

/**
 * A message, understood.
 *
 * @param key what it is deduplicated by
 * @param acceptedAt when the system took the event at its edge; one older than 60 days is rejected
 *     {@code too-old}, because the record of having handled it may be gone
 * @param traceparent the trace that it belongs to
 */
public record DecodedEvent<E>(
    EventKey key, Optional<Instant> acceptedAt, Optional<String> traceparent, E event) {}
