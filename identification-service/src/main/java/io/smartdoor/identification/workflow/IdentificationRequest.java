package io.smartdoor.identification.workflow;

import io.smartdoor.events.DoorStatus;
import io.smartdoor.events.IdempotencyKey;
import java.time.Instant;
import java.util.Optional;

/**
 * Somebody opened a door: find out who.
 *
 * @param time when the event was put on the bus
 */
record IdentificationRequest(DoorStatus opening, Instant time) {

  /** The trace that it belongs to. */
  Optional<String> traceparent() {
    return opening.metadata().traceparent();
  }

  /**
   * The same, as what the step {@code traceparent} of the event's trace leads to: so does what its
   * execution publishes. Where there is no such step, it stays with the event's own.
   */
  IdentificationRequest within(Optional<String> traceparent) {
    return traceparent.isEmpty()
        ? this
        : new IdentificationRequest(
            new DoorStatus(
                opening.metadata().withTraceparent(traceparent),
                opening.state(),
                opening.door(),
                opening.user(),
                opening.operationSource(),
                opening.snapshots()),
            time);
  }

  /** The event's key, which names the execution too: so there is one, however often it is asked. */
  IdempotencyKey key() {
    return opening.metadata().idempotencyKey();
  }
}
