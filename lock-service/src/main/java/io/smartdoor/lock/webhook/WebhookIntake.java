package io.smartdoor.lock.webhook;

import io.smartdoor.events.DoorId;
import io.smartdoor.events.EventCodec;
import io.smartdoor.events.IdempotencyKey;
import io.smartdoor.lock.door.Door;
import io.smartdoor.lock.outbox.Acceptance;
import io.smartdoor.lock.outbox.AcceptedEvent;
import io.smartdoor.lock.outbox.BodyDigest;
import io.smartdoor.lock.outbox.Outbox;
import io.smartdoor.messaging.publishing.OutgoingEvent;
import io.smartdoor.messaging.tracing.Traces;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/**
 * Turns what a door reports into an event and hands it to the outbox, up to so many a second of
 * each door. What was accepted before costs the door nothing, however often it comes again.
 */
final class WebhookIntake {

  private final Outbox outbox;
  private final EventCodec codec;
  private final RecentAnswers answers;
  private final Allowances<DoorId> doors;
  private final SnapshotPlaces places;
  private final Traces traces;

  WebhookIntake(
      Outbox outbox,
      EventCodec codec,
      RecentAnswers answers,
      Allowances<DoorId> doors,
      SnapshotPlaces places,
      Traces traces) {
    this.outbox = outbox;
    this.codec = codec;
    this.answers = answers;
    this.doors = doors;
    this.places = places;
    this.traces = traces;
  }

  /**
   * Accepts {@code report} once per key.
   *
   * @param body of the request, byte for byte: a repetition with another body is refused
   * @param now to the millisecond
   */
  Intake accept(IdempotencyKey key, Door door, DoorReport report, BodyDigest body, Instant now) {
    var known = answers.recall(key, door.id(), body);
    if (known.isPresent()) {
      return new Intake.Answered(known.get());
    }
    var wait = doors.take(door.id());
    return wait.isPositive() ? new Intake.TooMany(wait) : written(key, door, report, body, now);
  }

  private Intake written(
      IdempotencyKey key, Door door, DoorReport report, BodyDigest body, Instant now) {
    var event = report.asEvent(key, door, now, traces.traceparent(), places);
    var outgoing = OutgoingEvent.of(event, codec, now);
    var size = outgoing.detail().getBytes(StandardCharsets.UTF_8).length;
    if (size > EventCodec.DETAIL_BUDGET) {
      return new Intake.TooLarge(size);
    }
    var acceptance =
        outbox.accept(
            new AcceptedEvent(
                key, door.id(), body, report.occurredAt().orElse(now), now, outgoing));
    switch (acceptance) {
      case Acceptance.New(var receipt) -> answers.remember(door.id(), body, receipt);
      case Acceptance.Replayed(var receipt) -> {
        answers.remember(door.id(), body, receipt);
        doors.giveBack(door.id());
      }
      case Acceptance.Conflicting _ -> {}
    }
    return new Intake.Answered(acceptance);
  }
}
