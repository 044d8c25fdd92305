package io.smartdoor.identification.workflow;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.smartdoor.identification.workflow.StepFunctionsError.Meaning;
import io.smartdoor.messaging.AwsFailure;
import java.time.Duration;
import java.util.Optional;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sfn.SfnClient;

/** The workflow as a state machine of Step Functions. */
final class StepFunctionsWorkflow implements WorkflowStarter, ExecutionInputs {

  /** On top of the SDK's own repetitions, which go on for some seconds. */
  static final Duration CROWDED_DELAY = Duration.ofSeconds(10);

  /** At first: whoever comes back often waits longer. */
  static final Duration OUTAGE_DELAY = Duration.ofMinutes(1);

  /**
   * What Step Functions takes, in bytes; an event may be larger.
   * https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html
   */
  static final int LARGEST_INPUT = 256 * 1024;

  static final String INPUT_TOO_LARGE = "InputTooLarge";

  private final SfnClient stepFunctions;
  private final StateMachineArn stateMachine;
  private final WorkflowInputCodec inputs;

  StepFunctionsWorkflow(
      SfnClient stepFunctions, StateMachineArn stateMachine, WorkflowInputCodec inputs) {
    this.stepFunctions = stepFunctions;
    this.stateMachine = stateMachine;
    this.inputs = inputs;
  }

  @Override
  public StartOutcome start(WorkflowInput input) {
    var text = inputs.encode(input);
    if (text.getBytes(UTF_8).length > LARGEST_INPUT) {
      return new StartOutcome.Refused(INPUT_TOO_LARGE);
    }
    try {
      stepFunctions.startExecution(request ->
          request
              .stateMachineArn(stateMachine.value())
              .name(input.request().key().toString())
              .input(text));
      return new StartOutcome.Started();
    } catch (SdkException e) {
      var code = AwsFailure.codeOf(e);
      return switch (meaningOf(e)) {
        case ALREADY -> new StartOutcome.AlreadyStarted();
        case CROWDED -> new StartOutcome.Postponed(CROWDED_DELAY, code);
        case OUTAGE -> new StartOutcome.Postponed(OUTAGE_DELAY, code);
        case IMPOSSIBLE -> new StartOutcome.Refused(code);
        case GONE, BLOCKED -> new StartOutcome.Blocked(OUTAGE_DELAY, code);
      };
    }
  }

  @Override
  public InputLookup of(ExecutionArn execution) {
    try {
      var described =
          stepFunctions.describeExecution(request -> request.executionArn(execution.value()));
      return Optional.ofNullable(described.input())
          .<InputLookup>map(InputLookup.Found::new)
          .orElseGet(InputLookup.Gone::new);
    } catch (SdkException e) {
      var code = AwsFailure.codeOf(e);
      return switch (meaningOf(e)) {
        case GONE -> new InputLookup.Gone();
        case CROWDED -> new InputLookup.Postponed(CROWDED_DELAY, code);
        case OUTAGE -> new InputLookup.Postponed(OUTAGE_DELAY, code);
        case ALREADY, IMPOSSIBLE, BLOCKED -> new InputLookup.Blocked(OUTAGE_DELAY, code);
      };
    }
  }

  private static Meaning meaningOf(SdkException e) {
    return StepFunctionsError.of(AwsFailure.codeOf(e))
        .map(StepFunctionsError::meaning)
        .orElseGet(() ->
            switch (AwsFailure.of(e)) {
              case CROWDED -> Meaning.CROWDED;
              case OUTAGE -> Meaning.OUTAGE;
              case BLOCKED -> Meaning.BLOCKED;
            });
  }
}
