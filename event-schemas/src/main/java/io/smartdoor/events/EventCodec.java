package io.smartdoor.events;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Between events and the JSON that EventBridge carries.
 *
 * <p>A tolerant reader: fields it does not know and newer schema versions pass, every field may be
 * missing but the idempotency key and a door's state. A field of the wrong type is an {@link
 * InvalidEventException} that names it; a trace context of the wrong form is none. Absent fields
 * are not written.
 *
 * <p>Safe for use by several threads.
 */
public final class EventCodec {

  /**
   * The most bytes that the detail of an event should take in UTF-8: an event is a notice, not a
   * document.
   */
  public static final int DETAIL_BUDGET = 1024;

  /**
   * Version, trace, span and flags; neither version ff nor an id of zeros is valid. No event fails
   * for the sake of its trace: what has another form is not read.
   * https://www.w3.org/TR/trace-context/#traceparent-header
   */
  private static final Pattern TRACEPARENT =
      Pattern.compile("(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}");

  private final JsonMapper json =
      JsonMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  /** The {@code detail} of an event, as EventBridge takes it: a JSON object as text. */
  public String detail(SmartDoorEvent event) {
    var detail = json.createObjectNode();
    write(detail.putObject("metadata"), event.metadata());
    switch (event) {
      case DoorStatus status -> {
        detail.put("state", status.state().text());
        writeDoor(detail, status.door());
        writeUser(detail, status.user());
        status.operationSource().ifPresent(source -> detail.put("operation-source", source.text()));
        writeSnapshots(detail, status.snapshots());
      }
      case PersonIdentified identified -> {
        writeDoor(detail, identified.door());
        writeUser(detail, identified.user());
        identified.method().ifPresent(method -> detail.put("method", method.text()));
        writeConfidence(detail, identified.confidence());
      }
      case PersonUnrecognised unrecognised -> {
        writeDoor(detail, unrecognised.door());
        writeSnapshots(detail, unrecognised.snapshots());
        writeConfidence(detail, unrecognised.confidence());
        unrecognised.reason().ifPresent(reason -> detail.put("reason", reason.value()));
      }
      case IdentificationFailed failed -> {
        writeDoor(detail, failed.door());
        failed.reason().ifPresent(reason -> detail.put("reason", reason.value()));
      }
    }
    return json.writeValueAsString(detail);
  }

  /**
   * The event in {@code envelope}, a JSON object as EventBridge delivers it.
   *
   * @throws InvalidEventException where it is not an event of this system; the message names the
   *     field
   */
  public ReceivedEvent decode(String envelope) {
    var root = JsonReader.root(parse(envelope));
    var source = root.text("source");
    if (!source.equals(SmartDoorEvent.SOURCE)) {
      throw root.invalid("source", "\"%s\"".formatted(SmartDoorEvent.SOURCE), source);
    }
    var text = root.text("detail-type");
    var detailType =
        DetailType.of(text)
            .orElseThrow(() -> root.invalid("detail-type", "one of " + DetailType.allowed(), text));
    return new ReceivedEvent(
        root.required("time", JsonReader::instant), event(detailType, root.object("detail")));
  }

  /** The trace context in {@code detail}, as {@link #detail} wrote it, if there is one. */
  public Optional<String> traceparentIn(String detail) {
    return JsonReader.root(parse(detail))
        .optionalObject("metadata")
        .flatMap(metadata -> metadata.textLike(TRACEPARENT, "traceparent"));
  }

  private JsonNode parse(String envelope) {
    try {
      return json.readTree(envelope);
    } catch (JacksonException e) {
      throw new InvalidEventException("event", "is not JSON", ": " + e.getOriginalMessage());
    }
  }

  private static SmartDoorEvent event(DetailType detailType, JsonReader detail) {
    var metadata = metadata(detail.object("metadata"));
    var door = detail.optionalObject("door").map(EventCodec::door);
    return switch (detailType) {
      case DOOR_STATUS ->
          new DoorStatus(
              metadata,
              detail.required("state", EventCodec::state),
              door,
              user(detail),
              detail
                  .optionalText("operation-source")
                  .map(text -> OperationSource.of(text).orElse(OperationSource.UNSPECIFIED)),
              snapshots(detail));
      case PERSON_IDENTIFIED ->
          new PersonIdentified(
              metadata,
              door,
              user(detail),
              detail.optionalText("method").flatMap(IdentificationMethod::of),
              confidence(detail));
      case PERSON_UNRECOGNISED ->
          new PersonUnrecognised(
              metadata,
              door,
              snapshots(detail),
              confidence(detail),
              detail.optional("reason", ReasonCode::new));
      case IDENTIFICATION_FAILED ->
          new IdentificationFailed(metadata, door, detail.optional("reason", ReasonCode::new));
    };
  }

  private static EventMetadata metadata(JsonReader metadata) {
    var version =
        metadata.optionalInteger("schema-version").orElse(EventMetadata.CURRENT_SCHEMA_VERSION);
    if (version < 1) {
      throw metadata.invalid("schema-version", "expected 1 or more, found " + version);
    }
    return new EventMetadata(
        metadata.required("idempotency-key", IdempotencyKey::of),
        metadata.optional("correlation-id", IdempotencyKey::of),
        metadata.optional("causation-id", IdempotencyKey::of),
        metadata.optional("occurred-at", JsonReader::instant),
        metadata.optional("accepted-at", JsonReader::instant),
        version,
        metadata.textLike(TRACEPARENT, "traceparent"));
  }

  private static DoorState state(String text) {
    return DoorState.of(text)
        .orElseThrow(() ->
            new IllegalArgumentException(
                "expected one of %s, found \"%s\"".formatted(DoorState.allowed(), text)));
  }

  private static DoorReference door(JsonReader door) {
    return new DoorReference(door.optional("id", DoorId::new), door.optionalText("name"));
  }

  /** A reference without its id or its store refers to nobody: as good as none. */
  private static Optional<UserReference> user(JsonReader detail) {
    return detail
        .optionalObject("user")
        .filter(
            user -> user.optionalText("id").isPresent() && user.optionalText("store").isPresent())
        .map(user -> {
          var store = user.required("store", EventCodec::store);
          return user.required("id", id -> new UserReference(id, store));
        });
  }

  private static String store(String text) {
    return Identifiers.check("a store", text);
  }

  private static List<SnapshotReference> snapshots(JsonReader detail) {
    return detail.objects("snapshots").stream()
        .filter(it -> it.optionalText("bucket").isPresent() && it.optionalText("key").isPresent())
        .map(it -> it.required("key", key -> new SnapshotReference(it.text("bucket"), key)))
        .toList();
  }

  private static Optional<Confidence> confidence(JsonReader detail) {
    return detail
        .optionalNumber("confidence")
        .map(percent -> {
          try {
            return new Confidence(percent);
          } catch (IllegalArgumentException e) {
            throw detail.invalid("confidence", e);
          }
        });
  }

  private static void write(ObjectNode node, EventMetadata metadata) {
    node.put("idempotency-key", metadata.idempotencyKey().toString());
    metadata.correlationId().ifPresent(id -> node.put("correlation-id", id.toString()));
    metadata.causationId().ifPresent(id -> node.put("causation-id", id.toString()));
    metadata.occurredAt().ifPresent(at -> node.put("occurred-at", at.toString()));
    metadata.acceptedAt().ifPresent(at -> node.put("accepted-at", at.toString()));
    node.put("schema-version", metadata.schemaVersion());
    metadata.traceparent().ifPresent(context -> node.put("traceparent", context));
  }

  private static void writeDoor(ObjectNode detail, Optional<DoorReference> door) {
    door.ifPresent(it -> {
      var node = detail.putObject("door");
      it.id().ifPresent(id -> node.put("id", id.value()));
      it.name().ifPresent(name -> node.put("name", name));
    });
  }

  private static void writeUser(ObjectNode detail, Optional<UserReference> user) {
    user.ifPresent(it -> detail.putObject("user").put("id", it.id()).put("store", it.store()));
  }

  private static void writeSnapshots(ObjectNode detail, List<SnapshotReference> snapshots) {
    if (!snapshots.isEmpty()) {
      var array = detail.putArray("snapshots");
      snapshots.forEach(it -> array.addObject().put("bucket", it.bucket()).put("key", it.key()));
    }
  }

  private static void writeConfidence(ObjectNode detail, Optional<Confidence> confidence) {
    confidence.ifPresent(it -> {
      // A whole number is written as one: what a pattern or a reader sees is 100, not 100.0.
      if (it.percent() == Math.rint(it.percent())) {
        detail.put("confidence", (long) it.percent());
      } else {
        detail.put("confidence", it.percent());
      }
    });
  }
}
