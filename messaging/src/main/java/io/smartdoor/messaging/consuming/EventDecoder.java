package io.smartdoor.messaging.consuming;

import io.smartdoor.events.EventCodec;
import io.smartdoor.events.InvalidEventException;
import io.smartdoor.events.ReceivedEvent;
import io.smartdoor.messaging.idempotency.EventKey;

/** Understands the messages of one queue: EventBridge's envelope, as the rule put it there. */
@FunctionalInterface
public interface EventDecoder<E> {

  /**
   * The event in {@code message}.
   *
   * @throws UndecodableMessageException where it is none
   */
  DecodedEvent<E> decode(String message);

  /** The decoder of a queue that holds nothing but this system's own events. */
  static EventDecoder<ReceivedEvent> ofSmartDoorEvents(EventCodec codec) {
    return message -> {
      try {
        var received = codec.decode(message);
        var event = received.event();
        return new DecodedEvent<>(
            new EventKey(event.detailType().text(), event.metadata().idempotencyKey()),
            event.metadata().acceptedAt(),
            event.metadata().traceparent(),
            received);
      } catch (InvalidEventException e) {
        throw new UndecodableMessageException(e.withoutContent());
      }
    };
  }
}
