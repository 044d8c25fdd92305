package io.smartdoor.identification.workflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smartdoor.events.DoorStatus;
import io.smartdoor.identification.workflow.IdentificationMessage.DoorChanged;
import io.smartdoor.identification.workflow.IdentificationMessage.ExecutionChanged;
import io.smartdoor.messaging.consuming.UndecodableMessageException;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The events of executions are the examples of
 * https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html.
 */
class IdentificationDecoderTest {

  private final IdentificationDecoder decoder = new IdentificationDecoder(Openings.EVENTS);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "door-status-smallest",
        "door-status-open",
        "door-status-open-by-credential",
        "door-status-open-with-snapshots",
        "door-status-of-a-newer-schema",
        "door-status-closed"
      })
  void understandsDoors(String sample) {
    var received = Openings.received(sample);
    var status = (DoorStatus) received.event();

    var decoded = decoder.decode(Openings.sample(sample));

    assertThat(decoded.event()).isEqualTo(new DoorChanged(status, received.time()));
    assertThat(decoded.key().detailType()).isEqualTo("Door Status");
    assertThat(decoded.key().key()).isEqualTo(status.metadata().idempotencyKey());
    assertThat(decoded.acceptedAt()).isEqualTo(status.metadata().acceptedAt());
  }

  @Test
  void understandsTheSmallestEvent() {
    var decoded = decoder.decode(Openings.sample("door-status-smallest"));

    assertThat(decoded.key()).hasToString("Door Status#6a5c14d7-f1ed-4e5e-9c76-44a3f718ed96");
    assertThat(decoded.acceptedAt()).isEmpty();
    assertThat(decoded.event())
        .isInstanceOfSatisfying(
            DoorChanged.class,
            it -> assertThat(it.time()).isEqualTo(Instant.parse("2022-12-12T12:00:00Z")));
  }

  @ParameterizedTest
  @CsvSource({
    "execution-failed, FAILED",
    "execution-timed-out, TIMED_OUT",
    "execution-aborted, ABORTED",
    "execution-succeeded, OTHER"
  })
  void understandsExecutions(String example, ExecutionStatus status) {
    var decoded = decoder.decode(execution(example));

    assertThat(decoded.event())
        .isEqualTo(
            new ExecutionChanged(
                new ExecutionArn(
                    "arn:aws:states:us-east-2:123456789012:execution:state-machine-name:execution-name"),
                new StateMachineArn(
                    "arn:aws:states:us-east-2:123456789012:stateMachine:state-machine"),
                status,
                Optional.of("{}")));
    assertThat(decoded.key().detailType()).isEqualTo("Step Functions Execution Status Change");
    assertThat(decoded.acceptedAt()).isEmpty();
  }

  /** Deduplicated by execution and status: EventBridge's own id differs between deliveries. */
  @Test
  void keepsDeliveriesOfOneStatusTogetherAndOthersApart() {
    var failed = execution("execution-failed");
    var key = decoder.decode(failed).key();

    assertThat(key.key()).hasToString("76fade9a-1f23-50b1-9e46-6394bdfbcebf");
    assertThat(decoder.decode(failed.replace("315c1398", "00000000")).key()).isEqualTo(key);
    assertThat(decoder.decode(execution("execution-aborted")).key()).isNotEqualTo(key);
    assertThat(decoder.decode(failed.replace(":execution-name", ":another-name")).key())
        .isNotEqualTo(key);
  }

  /** Above 248 KiB the input is left out: {@code "input": null}. */
  @Test
  void understandsAnExecutionWithoutItsInput() {
    var message =
        execution("execution-failed")
            .replace("\"input\": \"{}\"", "\"input\": null")
            .replace("\"included\": true", "\"included\": false");

    assertThat(decoder.decode(message).event())
        .isInstanceOfSatisfying(ExecutionChanged.class, it -> assertThat(it.input()).isEmpty());
  }

  @Test
  void understandsAStatusThatIsNotKnownYet() {
    var message = execution("execution-failed").replace("\"FAILED\"", "\"PENDING_REDRIVE\"");

    assertThat(decoder.decode(message).event())
        .isInstanceOfSatisfying(
            ExecutionChanged.class, it -> assertThat(it.status()).isEqualTo(ExecutionStatus.OTHER));
  }

  @Test
  void refusesEventsThatAreNotForUs() {
    assertThatThrownBy(() -> decoder.decode(Openings.sample("person-identified")))
        .isInstanceOf(UndecodableMessageException.class)
        .hasMessage("detail-type: expected \"Door Status\", found \"Person Identified\"");
    assertThatThrownBy(() ->
            decoder.decode(
                execution("execution-failed")
                    .replace("Step Functions Execution Status Change", "Something Else")))
        .isInstanceOf(UndecodableMessageException.class)
        .hasMessage(
            "detail-type: expected \"Step Functions Execution Status Change\" from aws.states");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "door", "[]", "null", "{}", "{\"source\": 7}", "{\"source\": \"aws.ec2\"}"})
  void refusesWhatIsNoEvent(String message) {
    assertThatThrownBy(() -> decoder.decode(message))
        .isInstanceOf(UndecodableMessageException.class);
  }

  /** What it says is logged and stored with the dead letter. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "Anna O",
        "{\"source\": \"Anna O\"}",
        "{\"source\": \"aws.states\", \"detail-type\": \"Anna O\"}",
        "{\"source\": \"SmartDoor\", \"detail-type\": \"Anna O\"}"
      })
  void refusesWithoutQuoting(String message) {
    assertThatThrownBy(() -> decoder.decode(message))
        .isInstanceOf(UndecodableMessageException.class)
        .hasMessageNotContaining("Anna");
  }

  @ParameterizedTest
  @ValueSource(strings = {"executionArn", "stateMachineArn", "status"})
  void namesTheFieldThatAnExecutionLacks(String field) {
    var message = execution("execution-failed").replace("\"" + field + "\"", "\"x\"");

    assertThatThrownBy(() -> decoder.decode(message))
        .isInstanceOf(UndecodableMessageException.class)
        .hasMessage("detail.%s: expected a string, found MISSING", field);
  }

  static String execution(String example) {
    return Openings.resource("/io/smartdoor/identification/workflow/" + example + ".json");
  }
}
