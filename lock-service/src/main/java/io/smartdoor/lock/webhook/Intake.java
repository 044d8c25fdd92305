package io.smartdoor.lock.webhook;

import io.smartdoor.lock.outbox.Acceptance;
import java.time.Duration;

/** What became of a report that its door has signed. */
sealed interface Intake {

  /** The outbox has decided. */
  record Answered(Acceptance acceptance) implements Intake {}

  /** The door has reported too much lately: nothing was stored. */
  record TooMany(Duration retryAfter) implements Intake {}
}
