package io.smartdoor.notification.delivery;

import io.smartdoor.events.DetailType;
import io.smartdoor.events.DoorReference;
import io.smartdoor.events.IdempotencyKey;
import io.smartdoor.events.ReceivedEvent;
import java.time.Instant;
import java.util.Optional;

/**
 * What a notification is about, in facts of its event.
 *
 * @param correlation the chain of events that this one belongs to: a channel shows one thing per
 *     chain
 * @param key of the event itself
 * @param door its name fit to be shown
 * @param at when it happened at the door, as far as anybody knows
 */
public record Occasion(
    IdempotencyKey correlation,
    IdempotencyKey key,
    DetailType detailType,
    Optional<DoorReference> door,
    Instant at) {

  /** The occasion that {@code received} is. */
  public static Occasion of(ReceivedEvent received) {
    var event = received.event();
    return new Occasion(
        event.metadata().correlation(),
        event.metadata().idempotencyKey(),
        event.detailType(),
        event.door().map(DoorLabel::shown),
        received.occurredAt());
  }
}
