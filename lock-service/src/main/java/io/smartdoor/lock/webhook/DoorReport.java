package io.smartdoor.lock.webhook;

import io.smartdoor.events.DoorReference;
import io.smartdoor.events.DoorState;
import io.smartdoor.events.DoorStatus;
import io.smartdoor.events.EventMetadata;
import io.smartdoor.events.IdempotencyKey;
import io.smartdoor.events.OperationSource;
import io.smartdoor.events.UserReference;
import io.smartdoor.http.Refusal;
import io.smartdoor.http.RequestFields;
import io.smartdoor.lock.door.Door;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a door reports, understood.
 *
 * @param occurredAt where the door says so; to the millisecond
 * @param snapshots pictures of it, which may not have come yet; each once
 */
record DoorReport(
    DoorState state,
    Optional<Instant> occurredAt,
    Optional<UserReference> user,
    Optional<OperationSource> operationSource,
    List<SnapshotId> snapshots) {

  /** Of what happened, that an event names. */
  static final int MOST_SNAPSHOTS = 5;

  /** How far a door's clock may be ahead. */
  static final Duration TOLERANCE = Duration.ofMinutes(5);

  /**
   * Understands {@code body}.
   *
   * @throws Refusal with 400, naming the field that is missing or wrong
   */
  static DoorReport of(WebhookBody body) {
    return new DoorReport(
        RequestFields.required("state", body.state(), DoorReport::state),
        RequestFields.optional("occurred-at", body.occurredAt(), DoorReport::time),
        Optional.ofNullable(body.user()).map(DoorReport::user),
        RequestFields.optional("operation-source", body.operationSource(), DoorReport::source),
        body.snapshots() == null
            ? List.of()
            : RequestFields.required("snapshots", body.snapshots(), DoorReport::snapshots));
  }

  /** Whether it tells of what cannot have happened yet, by the clock that says {@code now}. */
  boolean isAheadOf(Instant now) {
    return occurredAt.filter(it -> it.isAfter(now.plus(TOLERANCE))).isPresent();
  }

  /**
   * The event that says so to everybody else.
   *
   * @param traceparent the trace that it belongs to, if anybody records one
   * @param places where the door's pictures are
   */
  DoorStatus asEvent(
      IdempotencyKey key,
      Door door,
      Instant acceptedAt,
      Optional<String> traceparent,
      SnapshotPlaces places) {
    return new DoorStatus(
        EventMetadata.first(key, occurredAt.orElse(acceptedAt), acceptedAt)
            .withTraceparent(traceparent),
        state,
        Optional.of(DoorReference.of(door.id(), door.name().value())),
        user,
        operationSource,
        snapshots.stream().map(it -> places.placeOf(door.id(), it)).toList());
  }

  private static DoorState state(String text) {
    return DoorState.of(text).orElseThrow(() -> expected(DoorState.allowed(), text));
  }

  private static OperationSource source(String text) {
    return OperationSource.of(text).orElseThrow(() -> expected(OperationSource.allowed(), text));
  }

  private static IllegalArgumentException expected(String allowed, String found) {
    return new IllegalArgumentException(
        "expected one of %s, found \"%s\"".formatted(allowed, found));
  }

  private static List<SnapshotId> snapshots(List<@Nullable String> ids) {
    if (ids.size() > MOST_SNAPSHOTS) {
      throw new IllegalArgumentException(
          "expected at most %d, found %d".formatted(MOST_SNAPSHOTS, ids.size()));
    }
    return ids.stream().map(SnapshotId::of).distinct().toList();
  }

  private static Instant time(String text) {
    try {
      var time = OffsetDateTime.parse(text).toInstant().truncatedTo(ChronoUnit.MILLIS);
      if (!time.isBefore(Instant.EPOCH)) {
        return time;
      }
    } catch (DateTimeParseException _) {
      // Said below.
    }
    throw new IllegalArgumentException(
        "expected a time from 1970 on, such as 2026-01-31T12:00:00Z (RFC 3339), found \"%s\""
            .formatted(text));
  }

  private static UserReference user(WebhookBody.User user) {
    var store =
        RequestFields.required("user.store", user.store(), it -> new UserReference("id", it))
            .store();
    return RequestFields.required("user.id", user.id(), it -> new UserReference(it, store));
  }
}
