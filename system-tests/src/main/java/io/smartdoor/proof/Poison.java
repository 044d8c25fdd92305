package io.smartdoor.proof;

import io.smartdoor.events.DetailType;
import io.smartdoor.events.SmartDoorEvent;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import tools.jackson.databind.json.JsonMapper;

/** What others may put on a queue or on the bus; each message has a marker of its own. */
enum Poison {
  NOT_JSON("not JSON") {
    @Override
    String message(UUID id, Instant at) {
      return marker(id) + " is not JSON";
    }
  },
  WRONG_TYPES("wrong types") {
    @Override
    String detail(UUID id) {
      return "{\"metadata\":{\"idempotency-key\":7},\"state\":\"open\",\"door\":\"%s\"}"
          .formatted(marker(id));
    }
  },
  /** No rule wants it, so over the bus it reaches nobody. */
  UNKNOWN_DETAIL_TYPE("unknown detail-type") {
    @Override
    String detailType() {
      return "Lock Status";
    }

    @Override
    String detail(UUID id) {
      return "{\"metadata\":{\"idempotency-key\":\"%s\"},\"state\":\"open\",\"lock\":\"%s\"}"
          .formatted(id, marker(id));
    }

    @Override
    Set<String> subscribers(Way way) {
      return way == Way.BUS ? Set.of() : super.subscribers(way);
    }
  },
  /** As much as SQS takes, and still a reason beside it. */
  ONE_MEBIBYTE("1 MiB") {
    @Override
    String message(UUID id, Instant at) {
      var marker = marker(id);
      return marker + " ".repeat(LONGEST - marker.length() - 1) + ".";
    }
  },
  /** None at all: a reader takes what it knows of a schema that is newer than itself. */
  NEWER_SCHEMA("newer schema version") {
    @Override
    String detail(UUID id) {
      return ("{\"metadata\":{\"idempotency-key\":\"%s\",\"schema-version\":99,\"weight\":[1,2]},"
              + "\"state\":\"open\",\"door\":{\"id\":\"%s\",\"name\":\"A newer door\",\"colour\":7},"
              + "\"weather\":{\"rain\":true}}")
          .formatted(id, NEWER_DOOR);
    }

    @Override
    boolean canBeHandled() {
      return true;
    }
  };

  /** How it gets to subscribers. */
  enum Way {
    NOTIFICATION_QUEUE,
    IDENTIFICATION_QUEUE,
    BUS;

    Set<String> subscribers() {
      return switch (this) {
        case NOTIFICATION_QUEUE -> Set.of(Checker.NOTIFICATION);
        case IDENTIFICATION_QUEUE -> Set.of(Checker.IDENTIFICATION);
        case BUS -> Set.of(Checker.NOTIFICATION, Checker.IDENTIFICATION);
      };
    }
  }

  static final String NEWER_DOOR = "newer-door";

  /**
   * Of a message, its attributes included:
   * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html
   */
  private static final int LIMIT = 1 << 20;

  /** Room for what a consumer adds to a message that it puts among the dead letters. */
  private static final int REASON = 2 << 10;

  private static final int LONGEST = LIMIT - REASON;
  private static final Pattern MARKER = Pattern.compile("poison-[0-9a-f-]{36}");

  private final String label;

  Poison(String label) {
    this.label = label;
  }

  /** What stands in the message of this id, and in no other. */
  static String marker(UUID id) {
    return "poison-" + id;
  }

  static Optional<String> markerIn(String body) {
    var found = MARKER.matcher(body);
    return found.find() ? Optional.of(found.group()) : Optional.empty();
  }

  /** Those that it can go: the bus takes nothing but JSON. */
  List<Way> ways() {
    return switch (this) {
      case NOT_JSON, ONE_MEBIBYTE -> List.of(Way.NOTIFICATION_QUEUE, Way.IDENTIFICATION_QUEUE);
      case WRONG_TYPES, UNKNOWN_DETAIL_TYPE -> List.of(Way.values());
      case NEWER_SCHEMA -> List.of(Way.NOTIFICATION_QUEUE, Way.BUS);
    };
  }

  /** Who has to do with it. */
  Set<String> subscribers(Way way) {
    return way.subscribers();
  }

  /** Whether it only looks like poison. */
  boolean canBeHandled() {
    return false;
  }

  String detailType() {
    return DetailType.DOOR_STATUS.text();
  }

  /** What an event holds that goes over the bus. */
  String detail(UUID id) {
    throw new IllegalStateException("%s cannot go over the bus".formatted(this));
  }

  /** As it lies on a queue: an event in EventBridge's envelope, if anything. */
  String message(UUID id, Instant at) {
    var json = JsonMapper.shared();
    var envelope = json.createObjectNode();
    envelope.put("version", "0").put("id", id.toString()).put("detail-type", detailType());
    envelope.put("source", SmartDoorEvent.SOURCE).put("time", at.toString());
    envelope.set("detail", json.readTree(detail(id)));
    return json.writeValueAsString(envelope);
  }

  @Override
  public String toString() {
    return label;
  }
}
