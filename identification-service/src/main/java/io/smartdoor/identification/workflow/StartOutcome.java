package io.smartdoor.identification.workflow;

import java.time.Duration;

/** What became of starting an execution. */
sealed interface StartOutcome {

  /** It runs, or did already and was asked for in the same words. */
  record Started() implements StartOutcome {}

  /** There is, or was, an execution of this name. */
  record AlreadyStarted() implements StartOutcome {}

  /** Not now, for a passing reason. */
  record Postponed(Duration delay, String code) implements StartOutcome {}

  /** Not before an operator mends something, be it permissions or a setting. */
  record Blocked(Duration delay, String code) implements StartOutcome {}

  /** Never: no execution can be started for this event. */
  record Refused(String code) implements StartOutcome {}
}
