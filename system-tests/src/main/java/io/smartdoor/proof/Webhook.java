package io.smartdoor.proof;

import io.smartdoor.events.IdempotencyKey;
import java.util.Optional;

/**
 * One request of a door, and what it was answered.
 *
 * @param door whose it is
 * @param opening what it reports; two requests of one door under one key with the same opening are
 *     the same, byte for byte
 * @param answer empty where the connection ended, or time ran out, without one
 */
record Webhook(IdempotencyKey key, String door, Opening opening, Optional<Answer> answer) {

  /** What was asked, whenever and how often: only one of those under a key can have an effect. */
  record Content(String door, Opening opening) {}

  /** What a door is answered. */
  record Answer(int status, String body) {

    static final int ACCEPTED = 202;

    boolean accepted() {
      return status == ACCEPTED;
    }

    /** Another one has this key. */
    boolean conflicting() {
      return status == 422;
    }

    /** Nobody has looked at it, or nobody can tell what became of it: worth asking again. */
    boolean passing() {
      return status == 429 || status >= 500;
    }
  }

  Content content() {
    return new Content(door, opening);
  }

  boolean accepted() {
    return answer.filter(Answer::accepted).isPresent();
  }

  boolean conflicting() {
    return answer.filter(Answer::conflicting).isPresent();
  }

  /** Whether it may have had its effect, as far as the door can know. */
  boolean mayHaveHadItsEffect() {
    return answer.filter(it -> !it.accepted() && it.status() < 500).isEmpty();
  }
}
