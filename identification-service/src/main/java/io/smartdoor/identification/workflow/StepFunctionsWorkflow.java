package io.smartdoor.identification.workflow;

import io.smartdoor.identification.workflow.StepFunctionsError.Meaning;
import java.time.Duration;
import java.util.Optional;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.sfn.SfnClient;
import software.amazon.awssdk.services.sfn.model.SfnException;

/** The workflow as a state machine of Step Functions. */
final class StepFunctionsWorkflow implements WorkflowStarter, ExecutionInputs {

  /** On top of the SDK's own repetitions, which go on for some seconds. */
  static final Duration CROWDED_DELAY = Duration.ofSeconds(10);

  /** A message may be received 100 times: that is an outage of more than an hour and a half. */
  static final Duration OUTAGE_DELAY = Duration.ofMinutes(1);

  static final String UNREACHABLE = "unreachable";

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
    try {
      stepFunctions.startExecution(request ->
          request
              .stateMachineArn(stateMachine.value())
              .name(input.request().key().toString())
              .input(inputs.encode(input)));
      return new StartOutcome.Started();
    } catch (SfnException e) {
      return switch (meaningOf(e)) {
        case ALREADY -> new StartOutcome.AlreadyStarted();
        case CROWDED -> new StartOutcome.Postponed(CROWDED_DELAY, codeOf(e));
        case OUTAGE -> new StartOutcome.Postponed(OUTAGE_DELAY, codeOf(e));
        case IMPOSSIBLE -> new StartOutcome.Refused(codeOf(e));
        case GONE, BROKEN -> throw e;
      };
    } catch (SdkClientException e) {
      return new StartOutcome.Postponed(OUTAGE_DELAY, UNREACHABLE);
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
    } catch (SfnException e) {
      return switch (meaningOf(e)) {
        case GONE -> new InputLookup.Gone();
        case CROWDED -> new InputLookup.Postponed(CROWDED_DELAY, codeOf(e));
        case OUTAGE -> new InputLookup.Postponed(OUTAGE_DELAY, codeOf(e));
        case ALREADY, IMPOSSIBLE, BROKEN -> throw e;
      };
    } catch (SdkClientException e) {
      return new InputLookup.Postponed(OUTAGE_DELAY, UNREACHABLE);
    }
  }

  private static Meaning meaningOf(SfnException e) {
    return StepFunctionsError.of(codeOf(e))
        .map(StepFunctionsError::meaning)
        .orElseGet(() -> meaningOfUnlisted(e));
  }

  private static Meaning meaningOfUnlisted(SfnException e) {
    if (e.isThrottlingException()) {
      return Meaning.CROWDED;
    }
    return e.statusCode() >= 500 ? Meaning.OUTAGE : Meaning.BROKEN;
  }

  private static String codeOf(SfnException e) {
    var details = Optional.ofNullable(e.awsErrorDetails());
    return details.map(it -> String.valueOf(it.errorCode())).orElse("status-" + e.statusCode());
  }
}
