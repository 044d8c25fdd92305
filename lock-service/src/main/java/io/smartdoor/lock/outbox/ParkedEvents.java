package io.smartdoor.lock.outbox;

import io.smartdoor.events.IdempotencyKey;
import java.time.Instant;
import java.util.Optional;

/**
 * What the bus refused for good, as seen by the person who has to decide about it. Each change is
 * one conditional write: of several at once one is done, and the others are told what became of the
 * event. Safe for use by several threads and instances.
 */
interface ParkedEvents {

  /**
   * Parked events, the one parked first at the beginning. Eventually consistent. An item that
   * cannot be read is left out, logged and counted.
   *
   * @param after where the previous page ended; empty for the first
   */
  ParkedPage page(int limit, Optional<HistoryPosition> after);

  /** The event, if it is parked now. */
  Optional<ParkedEvent> find(IdempotencyKey key);

  /**
   * Makes the event pending again, due at once: the next sweep publishes it, or parks it again. A
   * late word of an attempt from before counts as ever: published stands, and parked parks.
   */
  Unparking redrive(IdempotencyKey key, Instant now);

  /**
   * Gives the event up. Its item stays until {@code expiresAt}, with the reason: a repeated request
   * gets its first answer for so long.
   */
  Unparking drop(IdempotencyKey key, DropReason reason, Instant now, Instant expiresAt);
}
