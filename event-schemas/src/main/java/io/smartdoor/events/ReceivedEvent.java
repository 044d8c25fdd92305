package io.smartdoor.events;

import java.time.Instant;

/**
 * An event as it came off a queue.
 *
 * @param time the envelope's: when it was put on the bus, to the second
 */
public record ReceivedEvent(Instant time, SmartDoorEvent event) {

  /** When it happened at the door, as far as anybody knows. */
  public Instant occurredAt() {
    return event.metadata().occurredAt().orElse(time);
  }
}
