package io.smartdoor.lock.webhook;

import io.smartdoor.events.EventCodec;
import io.smartdoor.events.IdempotencyKey;
import io.smartdoor.lock.door.Door;
import io.smartdoor.lock.outbox.Acceptance;
import io.smartdoor.lock.outbox.AcceptedEvent;
import io.smartdoor.lock.outbox.BodyDigest;
import io.smartdoor.lock.outbox.Outbox;
import io.smartdoor.messaging.publishing.OutgoingEvent;
import java.time.Instant;

/** Turns what a door reports into an event and hands it to the outbox. */
final class WebhookIntake {

  private final Outbox outbox;
  private final EventCodec codec;

  WebhookIntake(Outbox outbox, EventCodec codec) {
    this.outbox = outbox;
    this.codec = codec;
  }

  /**
   * Accepts {@code report} once per key.
   *
   * @param body of the request, byte for byte: a repetition with another body is refused
   * @param now to the millisecond
   */
  Acceptance accept(
      IdempotencyKey key, Door door, DoorReport report, BodyDigest body, Instant now) {
    var event = report.asEvent(key, door, now);
    return outbox.accept(
        new AcceptedEvent(
            key,
            door.id(),
            body,
            report.occurredAt().orElse(now),
            now,
            OutgoingEvent.of(event, codec, now)));
  }
}
