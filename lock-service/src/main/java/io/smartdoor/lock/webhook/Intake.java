package io.smartdoor.lock.webhook;

import io.smartdoor.lock.outbox.Acceptance;
import java.time.Duration;

/** What became of a report that its door has signed. */
sealed interface Intake {

  /** The outbox has decided. */
  record Answered(Acceptance acceptance) implements Intake {}

  /** The door has reported too much lately: nothing was stored. */
  record TooMany(Duration retryAfter) implements Intake {}

  /** With all its pictures the event would be larger than events are: nothing was stored. */
  record TooLarge(int bytes) implements Intake {}
}
