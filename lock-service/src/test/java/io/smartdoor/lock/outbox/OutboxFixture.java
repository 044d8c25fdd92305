package io.smartdoor.lock.outbox;

import io.smartdoor.events.DoorId;
import io.smartdoor.events.DoorReference;
import io.smartdoor.events.DoorState;
import io.smartdoor.events.DoorStatus;
import io.smartdoor.events.EventCodec;
import io.smartdoor.events.EventMetadata;
import io.smartdoor.events.IdempotencyKey;
import io.smartdoor.messaging.Backoff;
import io.smartdoor.messaging.publishing.OutgoingEvent;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;

/** Events that doors sent, and how long things take here. */
final class OutboxFixture {

  static final EventCodec CODEC = new EventCodec();
  static final Instant NOW = Instant.parse("2026-01-31T12:00:00.123Z");
  static final Duration LEASE = Duration.ofSeconds(40);

  static final RelayPolicy POLICY =
      new RelayPolicy(
          LEASE,
          new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(30), new Random(1)::nextDouble),
          RelayPolicy.RETENTION);

  private OutboxFixture() {}

  /** A door that no other test has. */
  static DoorId aDoor() {
    return new DoorId("door-" + UUID.randomUUID());
  }

  static IdempotencyKey aKey() {
    return new IdempotencyKey(UUID.randomUUID());
  }

  static AcceptedEvent anOpeningOf(DoorId door) {
    return anOpeningOf(door, aKey(), "{\"state\": \"open\"}", NOW);
  }

  static AcceptedEvent anOpeningOf(DoorId door, Instant occurredAt) {
    return anOpeningOf(door, aKey(), "{\"state\": \"open\"}", occurredAt);
  }

  static AcceptedEvent anOpeningOf(
      DoorId door, IdempotencyKey key, String body, Instant occurredAt) {
    var event =
        new DoorStatus(
            EventMetadata.first(key, occurredAt, NOW),
            DoorState.OPEN,
            Optional.of(DoorReference.of(door, "Front \"door\"")),
            Optional.empty(),
            Optional.empty(),
            List.of());
    return new AcceptedEvent(
        key,
        door,
        BodyDigest.of(body.getBytes(StandardCharsets.UTF_8)),
        occurredAt,
        NOW,
        OutgoingEvent.of(event, CODEC, NOW));
  }
}
