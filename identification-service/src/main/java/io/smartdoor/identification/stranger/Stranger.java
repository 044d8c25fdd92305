package io.smartdoor.identification.stranger;

import io.smartdoor.events.DoorReference;
import io.smartdoor.events.IdempotencyKey;
import io.smartdoor.identification.face.Confidence;
import java.time.Instant;
import java.util.Optional;

/**
 * Somebody at a door whom nobody knows.
 *
 * @param opening the key of the event of the door that they opened: one picture is kept of each
 * @param door which it was, if known
 * @param seen when it was opened
 * @param best how alike they are to whoever they are most like
 */
public record Stranger(
    IdempotencyKey opening, Optional<DoorReference> door, Instant seen, Confidence best) {}
