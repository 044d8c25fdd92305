package io.smartdoor.messaging.publishing;

import io.smartdoor.events.DoorId;
import io.smartdoor.events.DoorReference;
import io.smartdoor.events.EventCodec;
import io.smartdoor.events.SmartDoorEvent;
import java.time.Instant;
import java.util.List;

/**
 * An event as it goes onto the bus, its detail already encoded: what an outbox stores and a relay
 * publishes unchanged.
 *
 * @param detailType EventBridge's {@code detail-type}
 * @param detail a JSON object as text
 * @param resources what the event is about, e.g. {@code door/front-door}
 * @param time when it happened
 */
public record OutgoingEvent(
    String detailType, String detail, List<String> resources, Instant time) {

  public OutgoingEvent {
    resources = List.copyOf(resources);
  }

  /**
   * {@code event} as it goes onto the bus; {@code now} stands in where nobody knows when it
   * happened.
   */
  public static OutgoingEvent of(SmartDoorEvent event, EventCodec codec, Instant now) {
    return new OutgoingEvent(
        event.detailType().text(),
        codec.detail(event),
        event.door().flatMap(DoorReference::id).map(DoorId::asResource).stream().toList(),
        event.metadata().occurredAt().orElse(now));
  }
}
