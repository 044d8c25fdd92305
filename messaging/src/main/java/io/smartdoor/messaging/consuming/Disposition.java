package io.smartdoor.messaging.consuming;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/** What became of one delivery of a message. */
sealed interface Disposition {

  /** Its effect stands; acknowledged. */
  record Handled() implements Disposition {}

  /** It had been handled before; acknowledged. */
  record Duplicate() implements Disposition {}

  /** It went to the dead-letter queue; acknowledged. */
  record DeadLettered(String reason, RejectedBy by) implements Disposition {}

  /**
   * It stays on the queue and will be delivered again.
   *
   * @param hiddenFor until when; empty leaves it to the queue's own visibility timeout
   */
  record LeftOnQueue(Cause cause, Optional<Duration> hiddenFor) implements Disposition {}

  /** A word for it. */
  default String code() {
    return switch (this) {
      case Handled() -> "handled";
      case Duplicate() -> "duplicate";
      case DeadLettered(_, var by) -> by.code();
      case LeftOnQueue(var cause, _) -> cause.code();
    };
  }

  /** Who rejected an event: a tag of few values, where a handler's own reasons may be many. */
  enum RejectedBy {
    UNDECODABLE,
    TOO_OLD,
    ATTEMPTS_EXHAUSTED,
    HANDLER;

    String code() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /** Why a message was left on the queue. */
  enum Cause {
    HELD_ELSEWHERE,
    RETRY_LATER,
    HANDLER_FAILED,
    LEASE_LOST,
    STOPPING,
    STORE_FAILED,
    DECODER_FAILED,
    DEAD_LETTERS_FAILED;

    /** Whether something went wrong: to wait, to be asked to or to stop is nothing of the kind. */
    boolean isFailure() {
      return switch (this) {
        case HELD_ELSEWHERE, RETRY_LATER, STOPPING -> false;
        case HANDLER_FAILED, LEASE_LOST, STORE_FAILED, DECODER_FAILED, DEAD_LETTERS_FAILED -> true;
      };
    }

    /** Whether the event has to wait until something is mended: nobody else has it in hand. */
    boolean isPostponement() {
      return isFailure() || this == RETRY_LATER;
    }

    String code() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }
}
