package io.smartdoor.identification.workflow;

import io.smartdoor.events.DoorStatus;
import io.smartdoor.events.EventCodec;
import io.smartdoor.events.IdempotencyKey;
import io.smartdoor.events.InvalidEventException;
import io.smartdoor.events.SmartDoorEvent;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.util.RawValue;

/**
 * Between a {@link WorkflowInput} and the JSON that the state machine reads. Safe for use by
 * several threads.
 */
final class WorkflowInputCodec {

  private final JsonMapper json = new JsonMapper();
  private final EventCodec events;

  WorkflowInputCodec(EventCodec events) {
    this.events = events;
  }

  /**
   * The state machine's input. It has no id of the envelope's, so that an event that was put on the
   * bus twice in one second starts the same execution in the same way.
   */
  String encode(WorkflowInput input) {
    var root = json.createObjectNode();
    var opening = input.request().opening();
    root.putObject("event")
        .put("source", SmartDoorEvent.SOURCE)
        .put("detail-type", opening.detailType().text())
        .put("time", input.request().time().toString())
        .putRawValue("detail", new RawValue(events.detail(opening)));
    root.putObject("follow-up")
        .put("identified", input.identified().toString())
        .put("unrecognised", input.unrecognised().toString())
        .put("failed", input.failed().toString());
    root.put("correlation-id", input.correlation().toString());
    return json.writeValueAsString(root);
  }

  /**
   * The input that {@code text} is, or empty where it is none. Keys that it lacks (somebody may
   * have started the execution by hand) are those that follow from the event's own.
   */
  Optional<WorkflowInput> decode(String text) {
    try {
      var root = json.readTree(text);
      var received = events.decode(root.path("event").toString());
      return received.event() instanceof DoorStatus opening
          ? Optional.of(
              withKeysOf(
                  root, WorkflowInput.of(new IdentificationRequest(opening, received.time()))))
          : Optional.empty();
    } catch (JacksonException | InvalidEventException e) {
      return Optional.empty();
    }
  }

  private static WorkflowInput withKeysOf(JsonNode root, WorkflowInput derived) {
    var followUp = root.path("follow-up");
    return new WorkflowInput(
        derived.request(),
        key(followUp, "identified").orElse(derived.identified()),
        key(followUp, "unrecognised").orElse(derived.unrecognised()),
        key(followUp, "failed").orElse(derived.failed()),
        key(root, "correlation-id").orElse(derived.correlation()));
  }

  private static Optional<IdempotencyKey> key(JsonNode object, String field) {
    return Optional.of(object.path(field))
        .filter(JsonNode::isString)
        .map(JsonNode::stringValue)
        .filter(IdempotencyKey::isValid)
        .map(IdempotencyKey::of);
  }
}
