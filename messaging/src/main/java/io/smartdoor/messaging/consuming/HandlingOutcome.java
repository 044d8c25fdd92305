package io.smartdoor.messaging.consuming;

import java.time.Duration;

/** What a handler made of an event. */
public sealed interface HandlingOutcome {

  /** Its effect stands: the event is never handled again by this subscriber. */
  record Done() implements HandlingOutcome {}

  /**
   * Not now: try again after {@code delay}, which counts as no attempt. At most 12 hours, SQS's
   * longest visibility timeout.
   */
  record RetryLater(Duration delay) implements HandlingOutcome {}

  /**
   * Never: {@code reason} (a short code such as {@code too-old}) goes with the message to the
   * dead-letter queue.
   */
  record Rejected(String reason) implements HandlingOutcome {}

  /** Its effect stands. */
  static HandlingOutcome done() {
    return new Done();
  }

  /** Not now. */
  static HandlingOutcome retryLater(Duration delay) {
    return new RetryLater(delay);
  }

  /** Never. */
  static HandlingOutcome rejected(String reason) {
    return new Rejected(reason);
  }
}
