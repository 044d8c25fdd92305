package io.smartdoor.messaging.idempotency;

/** How a claim is given back before its event was handled. */
public enum Release {
  /**
   * The event is not to blame (a shutdown, an outage, a retry that the handler asked for): the
   * attempt is taken back.
   */
  CLEAN,
  /** Handling broke: the attempt counts towards the number after which the event is given up. */
  COUNTED,
  /**
   * The event went to the dead letters: the count starts anew, so that a redrive is a new chance.
   */
  REJECTED
}
