package io.smartdoor.messaging.consuming;

import io.smartdoor.events.EventCodec;
import io.smartdoor.events.IdempotencyKey;
import io.smartdoor.events.ReceivedEvent;
import java.time.Instant;
import java.util.UUID;

/** Doors that were opened, as messages of a queue. */
final class Openings {

  static final EventDecoder<ReceivedEvent> DECODER =
      EventDecoder.ofSmartDoorEvents(new EventCodec());

  private Openings() {}

  static IdempotencyKey aKey() {
    return new IdempotencyKey(UUID.randomUUID());
  }

  static String opening(IdempotencyKey key) {
    return envelope("{\"idempotency-key\":\"%s\"}".formatted(key));
  }

  static String opening(IdempotencyKey key, String traceparent) {
    return envelope(
        "{\"idempotency-key\":\"%s\",\"traceparent\":\"%s\"}".formatted(key, traceparent));
  }

  static String openingAcceptedAt(IdempotencyKey key, Instant acceptedAt) {
    return envelope(
        "{\"idempotency-key\":\"%s\",\"accepted-at\":\"%s\"}".formatted(key, acceptedAt));
  }

  private static String envelope(String metadata) {
    return """
    {"version":"0","detail-type":"Door Status","source":"SmartDoor","time":"2026-01-31T12:00:00Z",
     "detail":{"metadata":%s,"state":"open","door":{"id":"front-door","name":"Front door"}}}\
    """
        .formatted(metadata);
  }
}
