package io.smartdoor.proof;

import io.smartdoor.events.DetailType;
import io.smartdoor.events.IdempotencyKey;
import java.util.Optional;

/**
 * One request of a door, and what it was answered.
 *
 * @param opening what it reports
 * @param answer empty where the connection ended, or time ran out, without one
 */
record Webhook(IdempotencyKey key, Opening opening, Optional<Answer> answer) {

  /** How a door was opened. */
  enum Opening {
    /** Nobody can tell who it was: the door's own event is the last of its chain. */
    BY_HAND(DetailType.DOOR_STATUS),
    /** With a credential that is registered for a resident. */
    BY_A_RESIDENT(DetailType.PERSON_IDENTIFIED);

    private final DetailType last;

    Opening(DetailType last) {
      this.last = last;
    }

    /** What the inbox tells in the end. */
    DetailType last() {
      return last;
    }
  }

  /** What a door is answered. */
  record Answer(int status, String body) {

    boolean accepted() {
      return status == 202;
    }
  }

  boolean accepted() {
    return answer.filter(Answer::accepted).isPresent();
  }
}
