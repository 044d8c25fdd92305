package io.smartdoor.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventCodecTest {

  private static final long SEED = 20_261_123;
  private static final String KEY = "6a5c14d7-f1ed-4e5e-9c76-44a3f718ed96";

  private final EventCodec codec = new EventCodec();

  static Stream<SmartDoorEvent> randomEvents() {
    var events = new RandomEvents(new Random(SEED));
    return Stream.generate(events::next).limit(500);
  }

  @Test
  void readsEveryFieldOfADoorStatus() {
    var received = codec.decode(Resources.sample("door-status-open-by-credential"));

    assertThat(received.event())
        .isEqualTo(
            new DoorStatus(
                new EventMetadata(
                    IdempotencyKey.of("3f0c9d1e-5c1b-4a44-9a3b-0d4f6f2f7a10"),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.of(Instant.parse("2026-11-23T07:31:04.210Z")),
                    Optional.of(Instant.parse("2026-11-23T07:31:04.512Z")),
                    1,
                    Optional.of("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")),
                DoorState.OPEN,
                Optional.of(DoorReference.of(new DoorId("front-door"), "Front door")),
                Optional.of(new UserReference("1047", "keypad")),
                Optional.of(OperationSource.KEYPAD),
                List.of()));
    assertThat(received.occurredAt()).isEqualTo("2026-11-23T07:31:04.210Z");
  }

  @Test
  void readsTheSmallestEventWithEverythingElseMissing() {
    var received = codec.decode(Resources.sample("door-status-smallest"));

    assertThat(received.event())
        .isEqualTo(
            new DoorStatus(
                new EventMetadata(
                    IdempotencyKey.of("6a5c14d7-f1ed-4e5e-9c76-44a3f718ed96"),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    1,
                    Optional.empty()),
                DoorState.OPEN,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                List.of()));
    assertThat(received.occurredAt())
        .as("the envelope's time, where the event does not say")
        .isEqualTo("2022-12-12T12:00:00Z");
  }

  @Test
  void passesUnknownFieldsNewerVersionsAndWordsOfTomorrow() {
    var event =
        (DoorStatus) codec.decode(Resources.sample("door-status-of-a-newer-schema")).event();

    assertThat(event.metadata().schemaVersion()).isEqualTo(7);
    assertThat(event.state()).isEqualTo(DoorState.OPEN);
    assertThat(event.operationSource()).contains(OperationSource.UNSPECIFIED);
  }

  @ParameterizedTest
  @MethodSource("randomEvents")
  void readsWhatItWrote(SmartDoorEvent event) {
    assertThat(codec.decode(envelope(event.detailType().text(), codec.detail(event))).event())
        .isEqualTo(event);
  }

  @Test
  void writesTheDetailOfASampleAsTheSampleHasIt() {
    for (var name :
        List.of(
            "door-status-open",
            "door-status-open-with-snapshots",
            "person-identified",
            "person-unrecognised",
            "identification-failed")) {
      var sample = Resources.sample(name);
      assertThat(Resources.JSON.readTree(codec.detail(codec.decode(sample).event())))
          .as(name)
          .isEqualTo(Resources.JSON.readTree(sample).get("detail"));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"metadata": {}, "state": "open"}                                   | detail.metadata.idempotency-key: is missing
          {"metadata": {"idempotency-key": null}, "state": "open"}            | detail.metadata.idempotency-key: is missing
          {"metadata": {"idempotency-key": 7}, "state": "open"}               | detail.metadata.idempotency-key: expected a string, found a number
          {"metadata": {"idempotency-key": "1-1-1-1-1"}, "state": "open"}     | detail.metadata.idempotency-key: expected a UUID, found "1-1-1-1-1"
          {"state": "open"}                                                   | detail.metadata: is missing
          {"metadata": [], "state": "open"}                                   | detail.metadata: expected an object, found an array
          {"metadata": {KEY}}                                                 | detail.state: is missing
          {"metadata": {KEY}, "state": true}                                  | detail.state: expected a string, found a boolean
          {"metadata": {KEY}, "state": "Open"}                                | detail.state: expected one of open, closed, ajar, jammed, forced-open, unspecified-error, found "Open"
          {"metadata": {KEY, "schema-version": "1"}, "state": "open"}         | detail.metadata.schema-version: expected an integer, found a string
          {"metadata": {KEY, "schema-version": 0}, "state": "open"}           | detail.metadata.schema-version: expected 1 or more, found 0
          {"metadata": {KEY, "occurred-at": "yesterday"}, "state": "open"}    | detail.metadata.occurred-at: expected a time such as 2026-01-31T12:00:00Z (RFC 3339), found "yesterday"
          {"metadata": {KEY}, "state": "open", "door": "front-door"}          | detail.door: expected an object, found a string
          {"metadata": {KEY}, "state": "open", "door": {"id": "Front Door"}}  | detail.door.id: expected a door id of the form [a-z0-9][a-z0-9-]{0,63}, found "Front Door"
          {"metadata": {KEY}, "state": "open", "user": {"id": 7}}             | detail.user.id: expected a string, found a number
          {"metadata": {KEY}, "state": "open", "snapshots": [{}, 1]}          | detail.snapshots[1]: expected an object, found a number
          """)
  void namesTheFieldThatIsWrong(String detail, String message) {
    var withKey =
        detail.replace("KEY", "\"idempotency-key\": \"6a5c14d7-f1ed-4e5e-9c76-44a3f718ed96\"");

    assertThatThrownBy(() -> codec.decode(envelope("Door Status", withKey)))
        .isInstanceOf(InvalidEventException.class)
        .hasMessage(message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"-1", "100.5", "1e400", "\"high\""})
  void refusesAConfidenceThatIsNone(String confidence) {
    var detail =
        "{\"metadata\": {\"idempotency-key\": \"6a5c14d7-f1ed-4e5e-9c76-44a3f718ed96\"}, \"confidence\": %s}"
            .formatted(confidence);

    assertThatThrownBy(() -> codec.decode(envelope("Person Identified", detail)))
        .isInstanceOfSatisfying(
            InvalidEventException.class, e -> assertThat(e.field()).isEqualTo("detail.confidence"));
  }

  @ParameterizedTest
  @CsvSource({"1.0, 1", "3e0, 3", "2147483647, 2147483647"})
  void takesAnyWayOfWritingAnInteger(String written, int version) {
    var detail =
        "{\"metadata\": {\"idempotency-key\": \"6a5c14d7-f1ed-4e5e-9c76-44a3f718ed96\", \"schema-version\": %s}}"
            .formatted(written);

    var event = codec.decode(envelope("Identification Failed", detail)).event();

    assertThat(event.metadata().schemaVersion()).isEqualTo(version);
  }

  @ParameterizedTest
  @ValueSource(strings = {"1.5", "2147483648", "1e400", "-1"})
  void refusesASchemaVersionThatIsNone(String version) {
    var detail =
        "{\"metadata\": {\"idempotency-key\": \"6a5c14d7-f1ed-4e5e-9c76-44a3f718ed96\", \"schema-version\": %s}}"
            .formatted(version);

    assertThatThrownBy(() -> codec.decode(envelope("Identification Failed", detail)))
        .isInstanceOfSatisfying(
            InvalidEventException.class,
            e -> assertThat(e.field()).isEqualTo("detail.metadata.schema-version"));
  }

  @Test
  void refusesWhatIsNotFromThisSystem() {
    assertThatThrownBy(() ->
            codec.decode(
                Resources.sample("door-status-smallest").replace("SmartDoor", "aws.states")))
        .hasMessage("source: expected \"SmartDoor\", found \"aws.states\"");
    assertThatThrownBy(() -> codec.decode(envelope("Door status", "{}")))
        .hasMessage(
            "detail-type: expected one of Door Status, Person Identified, Person Unrecognised,"
                + " Identification Failed, found \"Door status\"");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          Door Status | {"metadata": {"idempotency-key": "Anna O"}, "state": "open"}                         | detail.metadata.idempotency-key: expected a UUID
          Door Status | {"metadata": {KEY}, "state": "Anna O"}                                               | detail.state: expected one of open, closed, ajar, jammed, forced-open, unspecified-error
          Door Status | {"metadata": {KEY, "occurred-at": "Anna O"}, "state": "open"}                        | detail.metadata.occurred-at: expected a time such as 2026-01-31T12:00:00Z (RFC 3339)
          Door Status | {"metadata": {KEY}, "state": "open", "door": {"id": "Anna O"}}                       | detail.door.id: expected a door id of the form [a-z0-9][a-z0-9-]{0,63}
          Door Status | {"metadata": {KEY}, "state": "open", "user": {"id": "Anna O", "store": "keypad"}}    | detail.user.id: expected a user id of the form [A-Za-z0-9._:@-]{1,128}
          Door Status | {"metadata": {KEY}, "state": "open", "user": {"id": "x", "store": "a, found Anna"}}  | detail.user.store: expected a store of the form [a-z0-9][a-z0-9-]{0,63}
          Door Status | {"metadata": {KEY}, "state": Anna}                                                   | event: is not JSON
          Anna O      | {"metadata": {KEY}, "state": "open"}                                                 | detail-type: expected one of Door Status, Person Identified, Person Unrecognised, Identification Failed
          Person Identified     | {"metadata": {KEY}, "confidence": 271}                                     | detail.confidence: expected a confidence from 0 to 100
          Identification Failed | {"metadata": {KEY}, "reason": "Anna O"}                                    | detail.reason: expected a reason code of the form [a-z0-9][a-z0-9-]{0,63}
          """)
  void saysWhatIsWrongWithoutTheContentToo(String detailType, String detail, String problem) {
    var withKey =
        detail.replace("KEY", "\"idempotency-key\": \"6a5c14d7-f1ed-4e5e-9c76-44a3f718ed96\"");

    assertThatThrownBy(() -> codec.decode(envelope(detailType, withKey)))
        .isInstanceOfSatisfying(
            InvalidEventException.class,
            e -> {
              assertThat(e.withoutContent()).isEqualTo(problem);
              assertThat(e).hasMessageStartingWith(problem);
            });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "no JSON",
        "{",
        "[]",
        "7",
        "null",
        "{\"source\": \"SmartDoor\", \"source\": \"other\"}"
      })
  void refusesWhatIsNoJsonObject(String message) {
    assertThatThrownBy(() -> codec.decode(message)).isInstanceOf(InvalidEventException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "7",
        "null",
        "{}",
        "\"\"",
        "\"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331\"",
        "\"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more\"",
        "\"00-0AF7651916CD43DD8448EB211C80319C-B7AD6B7169203331-01\"",
        "\"00-00000000000000000000000000000000-b7ad6b7169203331-01\"",
        "\"00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01\"",
        "\"ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\""
      })
  void readsAnEventWhoseTraceContextIsNone(String traceparent) {
    var detail = detailTracedBy(traceparent);

    assertThat(codec.decode(envelope("Door Status", detail)).event().metadata().traceparent())
        .isEmpty();
    assertThat(codec.traceparentIn(detail)).isEmpty();
  }

  @Test
  void findsTheTraceContextInADetail() {
    var traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00";

    assertThat(codec.traceparentIn(detailTracedBy("\"%s\"".formatted(traceparent))))
        .contains(traceparent);
    assertThat(codec.traceparentIn("{\"state\": \"open\"}")).isEmpty();
  }

  private static String detailTracedBy(String traceparent) {
    return """
    {"metadata": {"idempotency-key": "6a5c14d7-f1ed-4e5e-9c76-44a3f718ed96", "traceparent": %s}, "state": "open"}
    """
        .formatted(traceparent);
  }

  @Test
  void changesNothingButTheTraceContext() {
    var metadata = EventMetadata.first(IdempotencyKey.of(KEY), Instant.EPOCH, Instant.MAX);
    var traceparent = Optional.of("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");

    var traced = metadata.withTraceparent(traceparent);

    assertThat(traced.traceparent()).isEqualTo(traceparent);
    assertThat(traced.withTraceparent(Optional.empty())).isEqualTo(metadata);
  }

  @Test
  void takesHalfAReferenceForNone() {
    var detail =
        """
        {"metadata": {"idempotency-key": "6A5C14D7-F1ED-4E5E-9C76-44A3F718ED96"}, "state": "open", "user": {"id": "7"}}
        """;

    var event = (DoorStatus) codec.decode(envelope("Door Status", detail)).event();

    assertThat(event.user()).isEmpty();
    assertThat(event.metadata().idempotencyKey())
        .hasToString("6a5c14d7-f1ed-4e5e-9c76-44a3f718ed96");
  }

  private static String envelope(String detailType, String detail) {
    return """
    {"version": "0", "source": "SmartDoor", "detail-type": "%s", "time": "2026-11-23T07:31:05Z", "detail": %s}
    """
        .formatted(detailType, detail);
  }
}
