package io.smartdoor.messaging.idempotency;

import java.time.Instant;

/** What a consumer was told when it asked for the right to handle one event. */
public sealed interface Claim {

  /**
   * This consumer may handle the event until {@code until}; afterwards another consumer may take
   * over.
   *
   * @param attempt how often the event was granted without a clean release, this time included: 1
   *     on the first
   */
  record Granted(ClaimToken token, Instant until, int attempt) implements Claim {}

  /** The event was handled before: acknowledge the message and do nothing else. */
  record AlreadyHandled(Instant at) implements Claim {}

  /** Another consumer holds the event: leave the message on the queue until {@code until}. */
  record HeldElsewhere(Instant until) implements Claim {}
}
