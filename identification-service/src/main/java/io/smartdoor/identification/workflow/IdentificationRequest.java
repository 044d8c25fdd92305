package io.smartdoor.identification.workflow;

import io.smartdoor.events.DoorStatus;
import io.smartdoor.events.IdempotencyKey;
import java.time.Instant;

/**
 * Somebody opened a door: find out who.
 *
 * @param time when the event was put on the bus
 */
record IdentificationRequest(DoorStatus opening, Instant time) {

  /** The event's key, which names the execution too: so there is one, however often it is asked. */
  IdempotencyKey key() {
    return opening.metadata().idempotencyKey();
  }
}
