package io.smartdoor.identification.workflow;

import io.smartdoor.events.DetailType;
import io.smartdoor.events.EventMetadata;
import io.smartdoor.events.IdempotencyKey;
import io.smartdoor.events.IdentificationFailed;
import io.smartdoor.events.ReasonCode;
import java.util.Optional;

/**
 * What an execution is started with.
 *
 * @param request what it has to find out
 * @param identified the key of the event that it publishes if it knows who came
 * @param unrecognised the key of the event that it publishes if nobody knows them
 * @param failed the key of the event that it publishes if it could not be found out
 * @param correlation the key of the first event of the chain
 */
record WorkflowInput(
    IdentificationRequest request,
    IdempotencyKey identified,
    IdempotencyKey unrecognised,
    IdempotencyKey failed,
    IdempotencyKey correlation) {

  /** With the keys that follow from the event's own. */
  static WorkflowInput of(IdentificationRequest request) {
    return new WorkflowInput(
        request,
        request.key().followUp(DetailType.PERSON_IDENTIFIED),
        request.key().followUp(DetailType.PERSON_UNRECOGNISED),
        request.key().followUp(DetailType.IDENTIFICATION_FAILED),
        request.opening().metadata().correlation());
  }

  /** What is published for an execution that can no longer say so itself. */
  IdentificationFailed failure(ReasonCode reason) {
    var cause = request.opening().metadata();
    return new IdentificationFailed(
        new EventMetadata(
            failed,
            Optional.of(correlation),
            Optional.of(cause.idempotencyKey()),
            cause.occurredAt(),
            cause.acceptedAt(),
            EventMetadata.CURRENT_SCHEMA_VERSION,
            cause.traceparent()),
        request.opening().door(),
        Optional.of(reason));
  }
}
