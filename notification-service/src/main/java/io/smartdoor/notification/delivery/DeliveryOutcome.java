package io.smartdoor.notification.delivery;

import java.time.Duration;

/** What became of one notification to one recipient over one channel. */
public sealed interface DeliveryOutcome {

  /**
   * It arrived: where the channel shows one thing per chain of events, this is now what it shows.
   */
  record Delivered() implements DeliveryOutcome {}

  /**
   * Nothing to do: this very event, or one that says more, got there before. The usual answer to a
   * repetition.
   */
  record Superseded() implements DeliveryOutcome {}

  /** The recipient has left since the event was read. */
  record RecipientGone() implements DeliveryOutcome {}

  /** Not now, but after {@code delay}, for a passing reason that is not the event's fault. */
  record TryAgain(Duration delay) implements DeliveryOutcome {

    public TryAgain {
      if (delay.isNegative()) {
        throw new IllegalArgumentException("expected a delay of 0 or more, found " + delay);
      }
    }
  }
}
