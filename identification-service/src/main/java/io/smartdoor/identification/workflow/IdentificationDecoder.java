package io.smartdoor.identification.workflow;

import io.smartdoor.events.DoorStatus;
import io.smartdoor.events.EventCodec;
import io.smartdoor.events.IdempotencyKey;
import io.smartdoor.events.ReceivedEvent;
import io.smartdoor.identification.workflow.IdentificationMessage.DoorChanged;
import io.smartdoor.identification.workflow.IdentificationMessage.ExecutionChanged;
import io.smartdoor.messaging.consuming.DecodedEvent;
import io.smartdoor.messaging.consuming.EventDecoder;
import io.smartdoor.messaging.consuming.UndecodableMessageException;
import io.smartdoor.messaging.idempotency.EventKey;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Tells the two kinds of messages on identification's queue apart: a door's status, from the
 * system's bus, and the status of an execution, which EventBridge itself puts on the account's
 * default bus (https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html).
 */
final class IdentificationDecoder implements EventDecoder<IdentificationMessage> {

  static final String STEP_FUNCTIONS = "aws.states";
  static final String STATUS_CHANGE = "Step Functions Execution Status Change";

  /** Under which keys for executions are derived, which have none of their own. Never to change. */
  private static final IdempotencyKey EXECUTIONS =
      IdempotencyKey.of("0e8ba4f5-7a0b-4b0e-8f1d-6f1a3c0a9d52");

  private final JsonMapper json = new JsonMapper();
  private final EventDecoder<ReceivedEvent> own;
  private final WorkflowInputCodec inputs;

  IdentificationDecoder(EventCodec codec) {
    this.own = EventDecoder.ofSmartDoorEvents(codec);
    this.inputs = new WorkflowInputCodec(codec);
  }

  @Override
  public DecodedEvent<IdentificationMessage> decode(String message) {
    // Read twice only where it may be worth it: most are a door's.
    if (message.contains(STEP_FUNCTIONS)) {
      var envelope = parse(message);
      if (textOf(envelope, "source").filter(STEP_FUNCTIONS::equals).isPresent()) {
        return executionChanged(envelope);
      }
    }
    return doorChanged(own.decode(message));
  }

  private static DecodedEvent<IdentificationMessage> doorChanged(
      DecodedEvent<ReceivedEvent> decoded) {
    var received = decoded.event();
    if (!(received.event() instanceof DoorStatus status)) {
      throw new UndecodableMessageException(
          "detail-type: expected \"Door Status\", found \"%s\""
              .formatted(received.event().detailType().text()));
    }
    return new DecodedEvent<>(
        decoded.key(),
        decoded.acceptedAt(),
        decoded.traceparent(),
        new DoorChanged(status, received.time()));
  }

  private DecodedEvent<IdentificationMessage> executionChanged(JsonNode envelope) {
    var detailType = required(envelope, "", "detail-type");
    if (!detailType.equals(STATUS_CHANGE)) {
      throw new UndecodableMessageException(
          "detail-type: expected \"%s\" from %s".formatted(STATUS_CHANGE, STEP_FUNCTIONS));
    }
    var detail = envelope.path("detail");
    var execution = new ExecutionArn(required(detail, "detail.", "executionArn"));
    var status = required(detail, "detail.", "status");
    // An execution that is redriven may die of the same again: it is announced once.
    var key = EXECUTIONS.derive("%s#%s".formatted(execution, status));
    var input = textOf(detail, "input");
    return new DecodedEvent<>(
        new EventKey(STATUS_CHANGE, key),
        Optional.empty(),
        input.flatMap(inputs::decode).flatMap(it -> it.request().traceparent()),
        new ExecutionChanged(
            execution,
            new StateMachineArn(required(detail, "detail.", "stateMachineArn")),
            ExecutionStatus.of(status),
            input));
  }

  private JsonNode parse(String message) {
    try {
      return json.readTree(message);
    } catch (JacksonException _) {
      // What Jackson says quotes the message.
      throw new UndecodableMessageException("event: is not JSON");
    }
  }

  private static String required(JsonNode object, String path, String field) {
    return textOf(object, field)
        .orElseThrow(() ->
            new UndecodableMessageException(
                "%s%s: expected a string, found %s"
                    .formatted(path, field, object.path(field).getNodeType())));
  }

  private static Optional<String> textOf(JsonNode object, String field) {
    return Optional.of(object.path(field)).filter(JsonNode::isString).map(JsonNode::stringValue);
  }
}
