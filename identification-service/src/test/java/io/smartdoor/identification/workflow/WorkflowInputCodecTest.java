package io.smartdoor.identification.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import io.smartdoor.events.DetailType;
import io.smartdoor.events.DoorStatus;
import io.smartdoor.events.IdempotencyKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

class WorkflowInputCodecTest {

  private static final JsonMapper JSON = new JsonMapper();

  private final WorkflowInputCodec codec = new WorkflowInputCodec(Openings.EVENTS);

  @Test
  void writesWhatTheStateMachineReads() {
    var request = Openings.byCredential();

    assertThat(JSON.readTree(codec.encode(WorkflowInput.of(request))))
        .isEqualTo(
            JSON.readTree(
                """
                {
                  "event": {
                    "source": "SmartDoor",
                    "detail-type": "Door Status",
                    "time": "2026-11-23T07:31:05Z",
                    "detail": {
                      "metadata": {
                        "idempotency-key": "3f0c9d1e-5c1b-4a44-9a3b-0d4f6f2f7a10",
                        "occurred-at": "2026-11-23T07:31:04.210Z",
                        "accepted-at": "2026-11-23T07:31:04.512Z",
                        "schema-version": 1,
                        "traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
                      },
                      "state": "open",
                      "door": {"id": "front-door", "name": "Front door"},
                      "user": {"id": "1047", "store": "keypad"},
                      "operation-source": "keypad"
                    }
                  },
                  "follow-up": {
                    "identified": "%s",
                    "unrecognised": "%s",
                    "failed": "%s"
                  },
                  "correlation-id": "3f0c9d1e-5c1b-4a44-9a3b-0d4f6f2f7a10"
                }
                """
                    .formatted(
                        request.key().followUp(DetailType.PERSON_IDENTIFIED),
                        request.key().followUp(DetailType.PERSON_UNRECOGNISED),
                        request.key().followUp(DetailType.IDENTIFICATION_FAILED))));
  }

  @Test
  void writesTheSmallestEvent() {
    var key = "6a5c14d7-f1ed-4e5e-9c76-44a3f718ed96";

    var input = JSON.readTree(codec.encode(WorkflowInput.of(Openings.smallest())));

    assertThat(input.path("event"))
        .isEqualTo(
            JSON.readTree(
                """
                {
                  "source": "SmartDoor",
                  "detail-type": "Door Status",
                  "time": "2022-12-12T12:00:00Z",
                  "detail": {
                    "metadata": {"idempotency-key": "%s", "schema-version": 1},
                    "state": "open"
                  }
                }
                """
                    .formatted(key)));
    assertThat(input.path("correlation-id").stringValue()).isEqualTo(key);
  }

  /** So that an event that is delivered twice starts its execution in the same words. */
  @Test
  void writesNothingThatDiffersBetweenDeliveries() {
    var message = Openings.sample("door-status-open-by-credential");
    var again =
        message.replace(
            "7f5f0d0e-3a57-4b0f-9d2e-000000000bb4", "00000000-0000-0000-0000-000000000000");

    assertThat(again).isNotEqualTo(message);
    assertThat(inputOf(again)).isEqualTo(inputOf(message));
  }

  @Test
  void keepsTheCorrelationOfAnEventThatHasOne() {
    var message =
        Openings.sample("door-status-smallest")
            .replace(
                "\"idempotency-key\"",
                "\"correlation-id\": \"11111111-2222-4333-8444-555555555555\", \"idempotency-key\"");

    assertThat(JSON.readTree(inputOf(message)).path("correlation-id").stringValue())
        .isEqualTo("11111111-2222-4333-8444-555555555555");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "door-status-smallest",
        "door-status-open-by-credential",
        "door-status-open-with-snapshots"
      })
  void readsWhatItWrote(String sample) {
    var input = WorkflowInput.of(Openings.request(sample));

    assertThat(codec.decode(codec.encode(input))).hasValue(input);
  }

  /** The keys stand in the input, whoever chose them: an execution's own event has them too. */
  @Test
  void readsTheKeysOfTheInput() {
    var input = WorkflowInput.of(Openings.byCredential());
    var given =
        codec
            .encode(input)
            .replace(input.failed().toString(), "11111111-2222-4333-8444-555555555555");

    assertThat(codec.decode(given))
        .hasValueSatisfying(it ->
            assertThat(it.failed())
                .isEqualTo(IdempotencyKey.of("11111111-2222-4333-8444-555555555555")));
  }

  @Test
  void derivesTheKeysThatAnInputLacks() {
    var request = Openings.byCredential();
    var byHand = "{\"event\": %s}".formatted(Openings.sample("door-status-open-by-credential"));

    assertThat(codec.decode(byHand)).hasValue(WorkflowInput.of(request));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{}",
        "null",
        "7",
        "\"\"",
        "{\"event\": {",
        "{\"event\": {\"source\": \"SmartDoor\"}}"
      })
  void readsNothingElse(String text) {
    assertThat(codec.decode(text)).isEmpty();
  }

  @Test
  void readsNoOtherEvent() {
    assertThat(codec.decode("{\"event\": %s}".formatted(Openings.sample("person-identified"))))
        .isEmpty();
  }

  private String inputOf(String message) {
    var received = Openings.EVENTS.decode(message);
    return codec.encode(
        WorkflowInput.of(
            new IdentificationRequest((DoorStatus) received.event(), received.time())));
  }
}
