package io.smartdoor.identification.workflow;

import io.smartdoor.events.DoorStatus;
import java.time.Instant;
import java.util.Optional;

/** What identification's queue holds. */
sealed interface IdentificationMessage {

  /**
   * A door is in a new state.
   *
   * @param time the envelope's
   */
  record DoorChanged(DoorStatus status, Instant time) implements IdentificationMessage {}

  /**
   * An execution of some state machine of this account is in a new status.
   *
   * @param input what it was started with; empty where the event does not include it
   */
  record ExecutionChanged(
      ExecutionArn execution,
      StateMachineArn stateMachine,
      ExecutionStatus status,
      Optional<String> input)
      implements IdentificationMessage {}
}
