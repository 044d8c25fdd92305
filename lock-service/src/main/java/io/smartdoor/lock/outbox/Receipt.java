package io.smartdoor.lock.outbox;

import io.smartdoor.events.DoorId;
import io.smartdoor.events.IdempotencyKey;
import java.time.Instant;

/** What a door is answered, now and whenever it repeats the same request. */
public record Receipt(IdempotencyKey key, DoorId door, Instant acceptedAt) {}
