package io.smartdoor.identification.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import io.smartdoor.events.DoorReference;
import io.smartdoor.events.DoorState;
import io.smartdoor.events.DoorStatus;
import io.smartdoor.identification.workflow.ExecutionInputs.InputLookup;
import io.smartdoor.identification.workflow.FakeStepFunctions.Call;
import io.smartdoor.messaging.AwsFailure;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sfn.SfnClient;
import tools.jackson.databind.json.JsonMapper;

class StepFunctionsWorkflowTest {

  private static final JsonMapper JSON = new JsonMapper();
  private static final StateMachineArn STATE_MACHINE =
      new StateMachineArn(
          "arn:aws:states:eu-central-1:000000000000:stateMachine:smartdoor-identify");
  private static final ExecutionArn EXECUTION =
      new ExecutionArn("arn:aws:states:eu-central-1:000000000000:execution:smartdoor-identify:x");
  private static final WorkflowInput INPUT = WorkflowInput.of(Openings.byCredential());

  private final WorkflowInputCodec inputs = new WorkflowInputCodec(Openings.EVENTS);
  private FakeStepFunctions stepFunctions;
  private SfnClient client;
  private StepFunctionsWorkflow workflow;

  @BeforeEach
  void start() throws IOException {
    stepFunctions = new FakeStepFunctions();
    client = stepFunctions.client();
    workflow = new StepFunctionsWorkflow(client, STATE_MACHINE, inputs);
  }

  @AfterEach
  void stop() {
    client.close();
    stepFunctions.close();
  }

  @Test
  void namesTheExecutionByTheEventsKey() {
    stepFunctions.answers(
        """
        {"executionArn": "%s", "startDate": 1.551225146847E9}
        """
            .formatted(EXECUTION));

    assertThat(workflow.start(INPUT)).isEqualTo(new StartOutcome.Started());

    var expected = JSON.createObjectNode();
    expected.put("stateMachineArn", STATE_MACHINE.value());
    expected.put("name", "3f0c9d1e-5c1b-4a44-9a3b-0d4f6f2f7a10");
    expected.put("input", inputs.encode(INPUT));
    assertThat(stepFunctions.calls()).containsExactly(new Call("StartExecution", expected));
  }

  @Test
  void takesAnExecutionThatExistsForSuccess() {
    stepFunctions.refuses(400, "ExecutionAlreadyExists");

    assertThat(workflow.start(INPUT)).isEqualTo(new StartOutcome.AlreadyStarted());
  }

  @ParameterizedTest
  @CsvSource({
    "400, ExecutionLimitExceeded",
    "400, ThrottlingException",
    "400, KmsThrottlingException",
    "429, TooManyRequestsException"
  })
  void comesBackSoonWhereThereIsACrowd(int status, String code) {
    stepFunctions.refuses(status, code);

    assertThat(workflow.start(INPUT))
        .isEqualTo(new StartOutcome.Postponed(StepFunctionsWorkflow.CROWDED_DELAY, code));
    assertThat(workflow.of(EXECUTION))
        .isEqualTo(new InputLookup.Postponed(StepFunctionsWorkflow.CROWDED_DELAY, code));
  }

  @ParameterizedTest
  @CsvSource({
    "500, InternalFailure",
    "503, ServiceUnavailable",
    "400, RequestExpired",
    "502, SomethingNew"
  })
  void comesBackLaterWhereThereIsAnOutage(int status, String code) {
    stepFunctions.refuses(status, code);

    assertThat(workflow.start(INPUT))
        .isEqualTo(new StartOutcome.Postponed(StepFunctionsWorkflow.OUTAGE_DELAY, code));
    assertThat(workflow.of(EXECUTION))
        .isEqualTo(new InputLookup.Postponed(StepFunctionsWorkflow.OUTAGE_DELAY, code));
  }

  @Test
  void comesBackLaterWhereNobodyAnswers() {
    stepFunctions.close();

    assertThat(workflow.start(INPUT))
        .isEqualTo(
            new StartOutcome.Postponed(StepFunctionsWorkflow.OUTAGE_DELAY, AwsFailure.UNREACHABLE));
    assertThat(workflow.of(EXECUTION))
        .isEqualTo(
            new InputLookup.Postponed(StepFunctionsWorkflow.OUTAGE_DELAY, AwsFailure.UNREACHABLE));
  }

  @ParameterizedTest
  @ValueSource(strings = {"InvalidExecutionInput", "InvalidName"})
  void givesUpWhatCanNeverBeStarted(String code) {
    stepFunctions.refuses(400, code);

    assertThat(workflow.start(INPUT)).isEqualTo(new StartOutcome.Refused(code));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "InvalidArn",
        "StateMachineDoesNotExist",
        "StateMachineDeleting",
        "ValidationException",
        "KmsAccessDeniedException",
        "KmsInvalidStateException",
        "AccessDeniedException",
        "UnrecognizedClientException",
        "ExpiredTokenException",
        "SomethingNew"
      })
  void comesBackWhereSomebodyHasToMendTheSetUpFirst(String code) {
    stepFunctions.refuses(400, code);

    assertThat(workflow.start(INPUT))
        .isEqualTo(new StartOutcome.Blocked(StepFunctionsWorkflow.OUTAGE_DELAY, code));
    assertThat(workflow.of(EXECUTION))
        .isEqualTo(new InputLookup.Blocked(StepFunctionsWorkflow.OUTAGE_DELAY, code));
  }

  /** Where credentials come from STS, it is STS that refuses. */
  @Test
  void comesBackWhereCredentialsAreRefusedBeforeStepFunctionsIsAsked() {
    var refused =
        AwsServiceException.builder()
            .statusCode(403)
            .awsErrorDetails(AwsErrorDetails.builder().errorCode("AccessDenied").build())
            .build();
    try (var without =
        SfnClient.builder()
            .region(Region.EU_CENTRAL_1)
            .credentialsProvider(() -> {
              throw refused;
            })
            .build()) {
      assertThat(new StepFunctionsWorkflow(without, STATE_MACHINE, inputs).start(INPUT))
          .isEqualTo(new StartOutcome.Blocked(StepFunctionsWorkflow.OUTAGE_DELAY, "AccessDenied"));
    }
  }

  @Test
  void givesUpAnEventThatNoExecutionCanTake() {
    var door =
        new DoorReference(
            Optional.empty(), Optional.of("x".repeat(StepFunctionsWorkflow.LARGEST_INPUT)));
    var opening =
        new DoorStatus(
            INPUT.request().opening().metadata(),
            DoorState.OPEN,
            Optional.of(door),
            Optional.empty(),
            Optional.empty(),
            List.of());
    var large = WorkflowInput.of(new IdentificationRequest(opening, INPUT.request().time()));

    assertThat(workflow.start(large))
        .isEqualTo(new StartOutcome.Refused(StepFunctionsWorkflow.INPUT_TOO_LARGE));
    assertThat(stepFunctions.calls()).isEmpty();
  }

  /** The SDK's model of the service is its list of documented errors. */
  @Test
  void sortsEveryErrorThatIsDocumented() {
    var documented =
        Set.of(
            "ExecutionAlreadyExists",
            "ExecutionDoesNotExist",
            "ExecutionLimitExceeded",
            "InvalidArn",
            "InvalidExecutionInput",
            "InvalidName",
            "KmsAccessDeniedException",
            "KmsInvalidStateException",
            "KmsThrottlingException",
            "StateMachineDeleting",
            "StateMachineDoesNotExist",
            "ValidationException");
    var sorted =
        Arrays.stream(StepFunctionsError.values())
            .map(StepFunctionsError::code)
            .collect(Collectors.toCollection(TreeSet::new));

    assertThat(sorted).containsAll(documented).hasSize(StepFunctionsError.values().length);
  }

  @Test
  void looksUpWhatAnExecutionWasStartedWith() {
    var answer = JSON.createObjectNode();
    answer.put("executionArn", EXECUTION.value());
    answer.put("stateMachineArn", STATE_MACHINE.value());
    answer.put("status", "FAILED");
    answer.put("input", inputs.encode(INPUT));
    stepFunctions.answers(answer.toString());

    assertThat(workflow.of(EXECUTION)).isEqualTo(new InputLookup.Found(inputs.encode(INPUT)));

    assertThat(stepFunctions.calls())
        .containsExactly(
            new Call(
                "DescribeExecution",
                JSON.createObjectNode().put("executionArn", EXECUTION.value())));
  }

  @Test
  void looksUpAnExecutionThatIsGone() {
    stepFunctions.refuses(400, "ExecutionDoesNotExist");

    assertThat(workflow.of(EXECUTION)).isEqualTo(new InputLookup.Gone());
  }
}
