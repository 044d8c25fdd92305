package io.smartdoor.events;

import java.time.Instant;
import java.util.Optional;

/**
 * What every event says of itself.
 *
 * @param idempotencyKey two deliveries with the same key and detail-type are the same event
 * @param correlationId the key of the first event of the chain; empty on that one
 * @param causationId the key of the event that caused this one
 * @param occurredAt when it happened at the door
 * @param acceptedAt when the lock service took it
 * @param schemaVersion of the detail, 1 or more; readers pass newer ones
 * @param traceparent W3C trace context (https://www.w3.org/TR/trace-context/)
 */
public record EventMetadata(
    IdempotencyKey idempotencyKey,
    Optional<IdempotencyKey> correlationId,
    Optional<IdempotencyKey> causationId,
    Optional<Instant> occurredAt,
    Optional<Instant> acceptedAt,
    int schemaVersion,
    Optional<String> traceparent) {

  /** The version that this release writes. */
  public static final int CURRENT_SCHEMA_VERSION = 1;

  public EventMetadata {
    if (schemaVersion < 1) {
      throw new IllegalArgumentException(
          "expected a schema version of 1 or more, found " + schemaVersion);
    }
  }

  /** Of the first event of a chain: it correlates to itself and nothing caused it. */
  public static EventMetadata first(IdempotencyKey key, Instant occurredAt, Instant acceptedAt) {
    return new EventMetadata(
        key,
        Optional.empty(),
        Optional.empty(),
        Optional.of(occurredAt),
        Optional.of(acceptedAt),
        CURRENT_SCHEMA_VERSION,
        Optional.empty());
  }

  /**
   * Of the event that {@code cause} led to: same chain, same moment at the door, a key derived from
   * the cause's.
   */
  public static EventMetadata followUp(EventMetadata cause, DetailType detailType) {
    return new EventMetadata(
        cause.idempotencyKey.followUp(detailType),
        Optional.of(cause.correlation()),
        Optional.of(cause.idempotencyKey),
        cause.occurredAt,
        cause.acceptedAt,
        CURRENT_SCHEMA_VERSION,
        cause.traceparent);
  }

  /** The same, with another trace context, or none. */
  public EventMetadata withTraceparent(Optional<String> context) {
    return new EventMetadata(
        idempotencyKey, correlationId, causationId, occurredAt, acceptedAt, schemaVersion, context);
  }

  /** The key of the chain's first event, which may be this one. */
  public IdempotencyKey correlation() {
    return correlationId.orElse(idempotencyKey);
  }
}
