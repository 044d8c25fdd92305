package io.smartdoor.messaging.consuming;

import io.smartdoor.events.ReasonCode;
import java.time.Duration;

/** What a handler made of an event. */
public sealed interface HandlingOutcome {

  /** Its effect stands: the event is never handled again by this subscriber. */
  record Done() implements HandlingOutcome {}

  /**
   * Not now: try again after {@code delay} at least, which counts as no attempt. The wait grows
   * with each time that the message is received, so that an outage does not use up the receives
   * after which the queue gives it up. SQS hides a message for 12 hours at most, so a longer delay
   * ends early.
   *
   * @param delay zero leaves it to the growing wait
   */
  record RetryLater(Duration delay) implements HandlingOutcome {

    public RetryLater {
      if (delay.isNegative()) {
        throw new IllegalArgumentException("expected a delay of 0 or more, found " + delay);
      }
    }
  }

  /**
   * Never: {@code reason} goes with the message to the dead-letter queue. It is a short code such
   * as {@code too-old}: 1 to 64 lower-case letters, digits and hyphens.
   */
  record Rejected(String reason) implements HandlingOutcome {

    public Rejected {
      // Refuses what is no code: an explanation, say, with an event's content in it.
      var _ = new ReasonCode(reason);
    }
  }

  /** Its effect stands. */
  static HandlingOutcome done() {
    return new Done();
  }

  /** Not now, but after {@code delay} at the earliest. */
  static HandlingOutcome retryLater(Duration delay) {
    return new RetryLater(delay);
  }

  /** Never. */
  static HandlingOutcome rejected(String reason) {
    return new Rejected(reason);
  }
}
