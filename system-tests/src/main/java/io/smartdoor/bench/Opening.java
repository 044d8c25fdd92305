package io.smartdoor.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;

/** What a door tells, as a webhook's body and as the event that it becomes on the bus. */
record Opening(UUID key, String door, Instant at, Who who) {

  static final String STORE = "keypad";
  static final String CREDENTIAL = "4711";

  /** Who opened. */
  enum Who {
    /** Nobody can tell: the door's own event is the last of its chain. */
    SOMEBODY,
    /** A resident, by a registered credential: one more event follows. */
    A_RESIDENT
  }

  Opening {
    at = at.truncatedTo(ChronoUnit.MILLIS);
  }

  byte[] body() {
    return "{\"state\":\"open\",\"occurred-at\":\"%s\"%s}".formatted(at, user()).getBytes(UTF_8);
  }

  /** As EventBridge puts it on a subscriber's queue. */
  String message() {
    return """
    {"version":"0","id":"%s","detail-type":"Door Status","source":"SmartDoor","account":"000000000000","time":"%s",\
    "region":"eu-central-1","resources":["door/%s"],"detail":{"metadata":{"idempotency-key":"%s","occurred-at":"%s",\
    "accepted-at":"%s","schema-version":1},"state":"open","door":{"id":"%s","name":"Front door"}%s}}\
    """
        .formatted(key, at, door, key, at, at, door, user());
  }

  private String user() {
    return switch (who) {
      case SOMEBODY -> "";
      case A_RESIDENT -> ",\"user\":{\"store\":\"%s\",\"id\":\"%s\"}".formatted(STORE, CREDENTIAL);
    };
  }
}
