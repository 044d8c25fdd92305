package io.smartdoor.infra;

import java.util.UUID;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** A door that was opened, and the keys of what may follow: the workflow's input. */
final class DoorOpening {

  final String key = UUID.randomUUID().toString();
  final String identified = UUID.randomUUID().toString();
  final String unrecognised = UUID.randomUUID().toString();
  final String failed = UUID.randomUUID().toString();
  final String correlation = UUID.randomUUID().toString();

  private final ObjectNode detail;

  private DoorOpening(String detail) {
    this.detail = (ObjectNode) json(detail);
    this.detail.withObject("metadata").put("idempotency-key", key);
  }

  static DoorOpening ofTheFrontDoor() {
    return new DoorOpening(
        """
        {"metadata": {
           "occurred-at": "2026-11-23T10:00:00Z",
           "accepted-at": "2026-11-23T10:00:01Z",
           "traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"},
         "state": "open",
         "door": {"id": "front-door", "name": "Front door"}}\
        """);
  }

  /** Has nothing but what every event must have. */
  static DoorOpening ofSomeDoor() {
    return new DoorOpening(
        """
        {"metadata": {}, "state": "open"}\
        """);
  }

  DoorOpening by(String user, String store) {
    return with("user", "{\"id\": \"%s\", \"store\": \"%s\"}".formatted(user, store));
  }

  DoorOpening with(String field, String value) {
    detail.set(field, json(value));
    return this;
  }

  String asInput() {
    return """
    {"event": {
       "source": "SmartDoor", "detail-type": "Door Status", "time": "2026-11-23T10:00:02Z",
       "detail": %s},
     "follow-up": {"identified": "%s", "unrecognised": "%s", "failed": "%s"},
     "correlation-id": "%s"}\
    """
        .formatted(detail, identified, unrecognised, failed, correlation);
  }

  /**
   * What a follow-up event of {@link #ofTheFrontDoor} says, given its key and what only it says.
   */
  JsonNode followUpAtTheFrontDoor(String followUpKey, String finding) {
    var expected =
        (ObjectNode)
            json(
                """
                {"metadata": {
                   "idempotency-key": "%s",
                   "correlation-id": "%s",
                   "causation-id": "%s",
                   "occurred-at": "2026-11-23T10:00:00Z",
                   "accepted-at": "2026-11-23T10:00:01Z",
                   "traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                   "schema-version": 1},
                 "door": {"id": "front-door", "name": "Front door"}}\
                """
                    .formatted(followUpKey, correlation, key));
    return expected.setAll((ObjectNode) json(finding));
  }

  /** The same for {@link #ofSomeDoor}: what the door's event lacks, this one lacks too. */
  JsonNode followUpAtSomeDoor(String followUpKey, String finding) {
    var expected =
        (ObjectNode)
            json(
                """
                {"metadata": {
                   "idempotency-key": "%s",
                   "correlation-id": "%s",
                   "causation-id": "%s",
                   "schema-version": 1}}\
                """
                    .formatted(followUpKey, correlation, key));
    return expected.setAll((ObjectNode) json(finding));
  }

  static JsonNode json(String text) {
    return JsonMapper.shared().readTree(text);
  }
}
