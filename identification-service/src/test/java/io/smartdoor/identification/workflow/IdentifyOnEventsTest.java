package io.smartdoor.identification.workflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.smartdoor.events.DetailType;
import io.smartdoor.events.DoorStatus;
import io.smartdoor.events.IdempotencyKey;
import io.smartdoor.events.IdentificationFailed;
import io.smartdoor.identification.workflow.ExecutionInputs.InputLookup;
import io.smartdoor.identification.workflow.IdentificationMessage.DoorChanged;
import io.smartdoor.identification.workflow.IdentificationMessage.ExecutionChanged;
import io.smartdoor.messaging.consuming.HandlingOutcome;
import io.smartdoor.messaging.publishing.OutgoingEvent;
import io.smartdoor.messaging.testing.RecordedTraces;
import io.smartdoor.messaging.testing.RecordingPublisher;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import tools.jackson.databind.json.JsonMapper;

@ExtendWith(OutputCaptureExtension.class)
class IdentifyOnEventsTest {

  private static final StateMachineArn OWN = new StateMachineArn("arn:own");
  private static final ExecutionArn EXECUTION = new ExecutionArn("arn:own:execution");
  private static final WorkflowInputCodec INPUTS = new WorkflowInputCodec(Openings.EVENTS);
  private static final Duration DELAY = Duration.ofSeconds(7);

  private final List<WorkflowInput> started = new ArrayList<>();
  private final List<ExecutionArn> lookedUp = new ArrayList<>();
  private final RecordingPublisher publisher = new RecordingPublisher();
  private final RecordedTraces recorded = new RecordedTraces();
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

  private StartOutcome startOutcome = new StartOutcome.Started();
  private InputLookup lookup = new InputLookup.Gone();

  private final IdentifyOnEvents handler =
      new IdentifyOnEvents(
          OWN,
          input -> {
            started.add(input);
            return startOutcome;
          },
          execution -> {
            lookedUp.add(execution);
            return lookup;
          },
          INPUTS,
          publisher,
          Openings.EVENTS,
          meters,
          recorded.traces());

  @Test
  void startsAnExecutionForADoorThatWasOpened() {
    assertThat(handler.handle(opened(Openings.byCredential()))).isEqualTo(HandlingOutcome.done());

    assertThat(started).containsExactly(WorkflowInput.of(Openings.byCredential()));
    assertThat(counted("starts", "started")).isEqualTo(1);
  }

  @Test
  void isTheStepOfTheTraceThatTheExecutionFollowsFrom() {
    var cause = Openings.byCredential();
    try (var _ = recorded.traces().handling("identification", "Door Status", cause.traceparent())) {
      handler.handle(opened(cause));
    }

    var span = recorded.spans().getFirst();
    assertThat(cause.traceparent().orElseThrow()).contains(span.getTraceId());
    assertThat(started)
        .containsExactly(
            WorkflowInput.of(
                cause.within(
                    Optional.of("00-%s-%s-01".formatted(span.getTraceId(), span.getSpanId())))));
  }

  @Test
  void startsAnExecutionForTheSmallestEvent() {
    assertThat(handler.handle(opened(Openings.smallest()))).isEqualTo(HandlingOutcome.done());

    assertThat(started).containsExactly(WorkflowInput.of(Openings.smallest()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"door-status-closed", "door-status-forced-open"})
  void startsNothingForADoorThatWasNotOpened(String sample) {
    var received = Openings.received(sample);

    assertThat(handler.handle(new DoorChanged((DoorStatus) received.event(), received.time())))
        .isEqualTo(HandlingOutcome.done());

    assertThat(started).isEmpty();
    assertThat(counted("starts", "not-open")).isEqualTo(1);
  }

  @Test
  void isDoneWhereTheExecutionExists() {
    startOutcome = new StartOutcome.AlreadyStarted();

    assertThat(handler.handle(opened(Openings.smallest()))).isEqualTo(HandlingOutcome.done());

    assertThat(counted("starts", "already-started")).isEqualTo(1);
  }

  @Test
  void comesBackWhereStartingIsPostponed() {
    startOutcome = new StartOutcome.Postponed(DELAY, "ThrottlingException");

    assertThat(handler.handle(opened(Openings.smallest())))
        .isEqualTo(HandlingOutcome.retryLater(DELAY));
  }

  /** Nothing is wrong with the event: the day's openings are no dead letters for a wrong policy. */
  @Test
  void comesBackAndCallsForHelpWhereStartingIsBlocked(CapturedOutput log) {
    startOutcome = new StartOutcome.Blocked(DELAY, "AccessDeniedException");

    assertThat(handler.handle(opened(Openings.smallest())))
        .isEqualTo(HandlingOutcome.retryLater(DELAY));

    assertThat(counted("starts", "blocked")).isEqualTo(1);
    assertThat(log.getAll().lines().filter(line -> line.contains("ERROR")))
        .singleElement(STRING)
        .contains("AccessDeniedException", Openings.smallest().key().toString());
  }

  @Test
  void rejectsWhatCannotBeStarted() {
    startOutcome = new StartOutcome.Refused("InvalidExecutionInput");

    assertThat(handler.handle(opened(Openings.smallest())))
        .isEqualTo(HandlingOutcome.rejected("workflow-input-refused"));
  }

  @ParameterizedTest
  @EnumSource(names = {"FAILED", "TIMED_OUT", "ABORTED"})
  void speaksForAnExecutionThatDied(ExecutionStatus status) {
    var request = Openings.byCredential();
    var cause = request.opening().metadata();

    assertThat(handler.handle(dead(status, INPUTS.encode(WorkflowInput.of(request)))))
        .isEqualTo(HandlingOutcome.done());

    assertThat(publisher.published()).hasSize(1);
    var event = publisher.published().getFirst();
    assertThat(event.detailType()).isEqualTo("Identification Failed");
    assertThat(event.resources()).containsExactly("door/front-door");
    assertThat(event.time()).isEqualTo(Instant.parse("2026-11-23T07:31:04.210Z"));
    var failed = failure(event);
    assertThat(failed.reason()).hasValue(IdentifyOnEvents.WORKFLOW_FAILED);
    assertThat(failed.door()).isEqualTo(request.opening().door());
    var metadata = failed.metadata();
    assertThat(metadata.idempotencyKey())
        .isEqualTo(request.key().followUp(DetailType.IDENTIFICATION_FAILED));
    assertThat(metadata.correlationId()).hasValue(request.key());
    assertThat(metadata.causationId()).hasValue(request.key());
    assertThat(metadata.occurredAt()).isEqualTo(cause.occurredAt());
    assertThat(metadata.acceptedAt()).isEqualTo(cause.acceptedAt());
    assertThat(metadata.schemaVersion()).isEqualTo(1);
    assertThat(metadata.traceparent()).isEqualTo(cause.traceparent()).isPresent();
    assertThat(lookedUp).isEmpty();
    assertThat(counted("deaths", "published")).isEqualTo(1);
  }

  @Test
  void speaksForAnExecutionOfTheSmallestEvent() {
    var input = WorkflowInput.of(Openings.smallest());

    handler.handle(dead(ExecutionStatus.FAILED, INPUTS.encode(input)));

    var event = publisher.published().getFirst();
    assertThat(event.resources()).isEmpty();
    assertThat(event.time()).isEqualTo(Instant.parse("2022-12-12T12:00:00Z"));
    assertThat(new JsonMapper().readTree(event.detail()))
        .isEqualTo(
            new JsonMapper()
                .readTree(
                    """
                    {
                      "metadata": {
                        "idempotency-key": "%s",
                        "correlation-id": "6a5c14d7-f1ed-4e5e-9c76-44a3f718ed96",
                        "causation-id": "6a5c14d7-f1ed-4e5e-9c76-44a3f718ed96",
                        "schema-version": 1
                      },
                      "reason": "workflow-failed"
                    }
                    """
                        .formatted(input.failed())));
  }

  /** The key that the execution itself would have published under, so that one of them counts. */
  @Test
  void publishesUnderTheKeyAndCorrelationOfTheInput() {
    var key = "11111111-2222-4333-8444-555555555555";
    var correlation = "66666666-2222-4333-8444-555555555555";
    var given = WorkflowInput.of(Openings.byCredential());
    var input =
        INPUTS.encode(
            new WorkflowInput(
                given.request(),
                given.identified(),
                given.unrecognised(),
                IdempotencyKey.of(key),
                IdempotencyKey.of(correlation)));

    handler.handle(dead(ExecutionStatus.FAILED, input));

    var metadata = failure(publisher.published().getFirst()).metadata();
    assertThat(metadata.idempotencyKey()).hasToString(key);
    assertThat(metadata.correlationId()).hasValue(IdempotencyKey.of(correlation));
    assertThat(metadata.causationId()).hasValue(given.request().key());
  }

  @Test
  void looksUpAnInputThatIsNotIncluded() {
    lookup = new InputLookup.Found(INPUTS.encode(WorkflowInput.of(Openings.byCredential())));

    assertThat(handler.handle(dead(ExecutionStatus.FAILED, null)))
        .isEqualTo(HandlingOutcome.done());

    assertThat(lookedUp).containsExactly(EXECUTION);
    assertThat(publisher.published()).hasSize(1);
  }

  @Test
  void looksUpAnInputThatIsCutOff() {
    var input = INPUTS.encode(WorkflowInput.of(Openings.byCredential()));
    lookup = new InputLookup.Found(input);

    var outcome =
        handler.handle(dead(ExecutionStatus.FAILED, input.substring(0, input.length() / 2)));

    assertThat(outcome).isEqualTo(HandlingOutcome.done());
    assertThat(publisher.published()).hasSize(1);
  }

  @Test
  void rejectsAnExecutionThatNobodyKnowsTheDoorOf() {
    assertThat(handler.handle(dead(ExecutionStatus.FAILED, null)))
        .isEqualTo(HandlingOutcome.rejected("workflow-input-gone"));
    lookup = new InputLookup.Found("{}");
    assertThat(handler.handle(dead(ExecutionStatus.FAILED, "{}")))
        .isEqualTo(HandlingOutcome.rejected("workflow-input-unreadable"));

    assertThat(publisher.published()).isEmpty();
    assertThat(counted("deaths", "unanswerable")).isEqualTo(2);
  }

  @Test
  void comesBackWhereLookingUpIsPostponed() {
    lookup = new InputLookup.Postponed(DELAY, "ThrottlingException");

    assertThat(handler.handle(dead(ExecutionStatus.FAILED, null)))
        .isEqualTo(HandlingOutcome.retryLater(DELAY));
  }

  @Test
  void comesBackAndCallsForHelpWhereLookingUpIsBlocked(CapturedOutput log) {
    lookup = new InputLookup.Blocked(DELAY, "AccessDeniedException");

    assertThat(handler.handle(dead(ExecutionStatus.FAILED, null)))
        .isEqualTo(HandlingOutcome.retryLater(DELAY));

    assertThat(counted("deaths", "blocked")).isEqualTo(1);
    assertThat(log.getAll().lines().filter(line -> line.contains("ERROR")))
        .singleElement(STRING)
        .contains("AccessDeniedException", EXECUTION.value());
  }

  @Test
  void comesBackWherePublishingFailed() {
    publisher.failEverything();

    assertThat(handler.handle(dead(ExecutionStatus.FAILED, inputOfOne())))
        .isEqualTo(HandlingOutcome.retryLater(IdentifyOnEvents.PUBLISHING_DELAY));
  }

  @Test
  void rejectsWhatTheBusRefuses() {
    publisher.refuseEverything();

    assertThat(handler.handle(dead(ExecutionStatus.FAILED, inputOfOne())))
        .isEqualTo(HandlingOutcome.rejected("publishing-refused"));
  }

  @Test
  void ignoresOtherStateMachines() {
    var foreign =
        new ExecutionChanged(
            EXECUTION,
            new StateMachineArn("arn:other-identify"),
            ExecutionStatus.FAILED,
            Optional.of(inputOfOne()));

    assertThat(handler.handle(foreign)).isEqualTo(HandlingOutcome.done());

    assertThat(publisher.published()).isEmpty();
    assertThat(lookedUp).isEmpty();
    assertThat(counted("deaths", "ignored")).isEqualTo(1);
  }

  @Test
  void ignoresExecutionsThatAreWell() {
    assertThat(handler.handle(dead(ExecutionStatus.OTHER, inputOfOne())))
        .isEqualTo(HandlingOutcome.done());

    assertThat(publisher.published()).isEmpty();
    assertThat(counted("deaths", "ignored")).isEqualTo(1);
  }

  private double counted(String what, String outcome) {
    return meters.get("smartdoor.identification." + what).tag("outcome", outcome).counter().count();
  }

  private static DoorChanged opened(IdentificationRequest request) {
    return new DoorChanged(request.opening(), request.time());
  }

  private static ExecutionChanged dead(ExecutionStatus status, @Nullable String input) {
    return new ExecutionChanged(EXECUTION, OWN, status, Optional.ofNullable(input));
  }

  private static String inputOfOne() {
    return INPUTS.encode(WorkflowInput.of(Openings.byCredential()));
  }

  private static IdentificationFailed failure(OutgoingEvent event) {
    return (IdentificationFailed)
        Openings.EVENTS
            .decode(
                """
                {"source": "SmartDoor", "detail-type": "%s", "time": "%s", "detail": %s}
                """
                    .formatted(event.detailType(), event.time(), event.detail()))
            .event();
  }
}
