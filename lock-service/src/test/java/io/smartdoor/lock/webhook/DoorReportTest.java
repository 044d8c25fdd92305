package io.smartdoor.lock.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.smartdoor.events.DoorId;
import io.smartdoor.events.DoorState;
import io.smartdoor.events.EventCodec;
import io.smartdoor.events.IdempotencyKey;
import io.smartdoor.events.OperationSource;
import io.smartdoor.events.SnapshotReference;
import io.smartdoor.events.UserReference;
import io.smartdoor.http.Refusal;
import io.smartdoor.lock.door.Door;
import io.smartdoor.lock.door.DoorName;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DoorReportTest {

  private static final Instant NOW = Instant.parse("2026-01-31T12:00:00.123Z");
  private static final IdempotencyKey KEY =
      IdempotencyKey.of("6a5c14d7-f1ed-4e5e-9c76-44a3f718ed96");
  private static final Door DOOR = new Door(new DoorId("front-door"), new DoorName("Front door"));

  private static final SnapshotPlaces PLACES =
      (door, it) -> new SnapshotReference("snapshots", door.value() + "/" + it);

  @Test
  void understandsTheSmallestReport() {
    var event =
        DoorReport.of(new WebhookBody("open", null, null, null, null))
            .asEvent(KEY, DOOR, NOW, Optional.empty(), PLACES);

    assertThat(event.state()).isEqualTo(DoorState.OPEN);
    assertThat(event.metadata().occurredAt()).hasValue(NOW);
    assertThat(event.metadata().acceptedAt()).hasValue(NOW);
    assertThat(event.metadata().correlationId()).isEmpty();
    assertThat(new EventCodec().detail(event))
        .isEqualTo(
            """
            {"metadata":{"idempotency-key":"6a5c14d7-f1ed-4e5e-9c76-44a3f718ed96",\
            "occurred-at":"2026-01-31T12:00:00.123Z","accepted-at":"2026-01-31T12:00:00.123Z",\
            "schema-version":1},"state":"open","door":{"id":"front-door","name":"Front door"}}\
            """);
  }

  @Test
  void understandsEverythingThatADoorCanSay() {
    var report =
        DoorReport.of(
            new WebhookBody(
                "forced-open",
                "2026-01-31T13:00:00.9999+01:00",
                new WebhookBody.User("4711", "keypad"),
                "proprietary-remote",
                null));

    assertThat(report.state()).isEqualTo(DoorState.FORCED_OPEN);
    assertThat(report.occurredAt()).hasValue(Instant.parse("2026-01-31T12:00:00.999Z"));
    assertThat(report.user()).hasValue(new UserReference("4711", "keypad"));
    assertThat(report.operationSource()).hasValue(OperationSource.PROPRIETARY_REMOTE);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      textBlock =
          """
          -      | -          | -    | -         | -       | state            | is missing
          Open   | -          | -    | -         | -       | state            | expected one of open,
          open   | yesterday  | -    | -         | -       | occurred-at      | expected a time from 1970 on
          open   | 2026-01-31 | -    | -         | -       | occurred-at      | expected a time from 1970 on
          open   | 1969-12-31T23:59:59Z | - | -  | -       | occurred-at      | expected a time from 1970 on
          open   | -          | anna | -         | -       | user.store       | is missing
          open   | -          | -    | residents | -       | user.id          | is missing
          open   | -          | a b  | residents | -       | user.id          | expected a user id
          open   | -          | anna | Residents | -       | user.store       | expected a store
          open   | -          | -    | -         | magic   | operation-source | expected one of unspecified,
          """)
  void namesTheFieldThatIsWrong(
      @Nullable String state,
      @Nullable String occurredAt,
      @Nullable String userId,
      @Nullable String store,
      @Nullable String source,
      String field,
      String problem) {
    var user = userId == null && store == null ? null : new WebhookBody.User(userId, store);
    var refusal =
        catchThrowableOfType(
            Refusal.class,
            () -> DoorReport.of(new WebhookBody(state, occurredAt, user, source, null)));

    assertThat(refusal.status().value()).isEqualTo(400);
    assertThat(refusal.errors())
        .singleElement()
        .satisfies(it -> {
          assertThat(it.field()).isEqualTo(field);
          assertThat(it.problem()).startsWith(problem);
        });
  }

  @Test
  void namesPicturesWhereTheyAreEachOnce() {
    var id = "6a5c14d7-f1ed-4e5e-9c76-44a3f718ed96";
    var body = new WebhookBody("open", null, null, null, List.of(id, id.toUpperCase(Locale.ROOT)));

    var event = DoorReport.of(body).asEvent(KEY, DOOR, NOW, Optional.empty(), PLACES);

    assertThat(event.snapshots())
        .containsExactly(new SnapshotReference("snapshots", "front-door/" + id));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"2026-01-31T12:05:00.123Z", "2026-01-31T12:05:00.1239Z", "1970-01-01T00:00:00Z"})
  void believesAClockThatIsFiveMinutesAheadAndAnyThatIsBehind(String occurredAt) {
    assertThat(DoorReport.of(new WebhookBody("open", occurredAt, null, null, null)).isAheadOf(NOW))
        .isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"2026-01-31T12:05:00.124Z", "9999-12-31T23:59:59Z", "+10000-01-01T00:00:00Z"})
  void doesNotBelieveWhatIsFurtherAhead(String occurredAt) {
    assertThat(DoorReport.of(new WebhookBody("open", occurredAt, null, null, null)).isAheadOf(NOW))
        .isTrue();
  }

  /** However long its parts are, and however long they become in JSON. */
  @ParameterizedTest
  @ValueSource(strings = {"\uD83D\uDEAA", "\"", "\\", "\uFFFD", "\u2028", "\u00A0"})
  void theLargestReportMakesAnEventWithinItsBudget(String character) {
    var longestState =
        Arrays.stream(DoorState.values())
            .map(DoorState::text)
            .max(Comparator.comparingInt(String::length))
            .orElseThrow();
    var longestSource =
        Arrays.stream(OperationSource.values())
            .map(OperationSource::text)
            .max(Comparator.comparingInt(String::length))
            .orElseThrow();
    var report =
        DoorReport.of(
            new WebhookBody(
                longestState,
                "2026-01-31T12:00:00.123Z",
                new WebhookBody.User("a".repeat(128), "s".repeat(64)),
                longestSource,
                null));
    var door = new Door(new DoorId("d".repeat(64)), new DoorName(character.repeat(64)));

    var traced = Optional.of("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");

    var detail = new EventCodec().detail(report.asEvent(KEY, door, NOW, traced, PLACES));

    assertThat(detail.getBytes(UTF_8)).hasSizeLessThanOrEqualTo(EventCodec.DETAIL_BUDGET);
  }
}
