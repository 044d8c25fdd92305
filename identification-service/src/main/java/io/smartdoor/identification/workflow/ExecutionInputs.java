package io.smartdoor.identification.workflow;

import java.time.Duration;

/** What executions were started with. Safe for use by several threads. */
interface ExecutionInputs {

  /** What {@code execution} was started with. */
  InputLookup of(ExecutionArn execution);

  /** What became of looking an input up. */
  sealed interface InputLookup {

    /** This is it, as it was given: not necessarily an input that we wrote. */
    record Found(String input) implements InputLookup {}

    /** The execution is not known, or no longer: its history is kept 90 days. */
    record Gone() implements InputLookup {}

    /** Not now, for a passing reason. */
    record Postponed(Duration delay, String code) implements InputLookup {}

    /** Not before an operator mends something, be it permissions or a setting. */
    record Blocked(Duration delay, String code) implements InputLookup {}
  }
}
