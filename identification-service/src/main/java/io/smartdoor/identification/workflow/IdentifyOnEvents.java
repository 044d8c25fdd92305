package io.smartdoor.identification.workflow;

import io.micrometer.core.instrument.MeterRegistry;
import io.smartdoor.events.DoorState;
import io.smartdoor.events.EventCodec;
import io.smartdoor.events.ReasonCode;
import io.smartdoor.identification.workflow.ExecutionInputs.InputLookup;
import io.smartdoor.identification.workflow.IdentificationMessage.DoorChanged;
import io.smartdoor.identification.workflow.IdentificationMessage.ExecutionChanged;
import io.smartdoor.messaging.consuming.EventHandler;
import io.smartdoor.messaging.consuming.HandlingOutcome;
import io.smartdoor.messaging.publishing.EventPublisher;
import io.smartdoor.messaging.publishing.OutgoingEvent;
import io.smartdoor.messaging.publishing.PublishOutcome;
import io.smartdoor.messaging.tracing.Traces;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts the workflow for every door that was opened, and speaks for an execution that died before
 * it could say what it found.
 *
 * <p>Both effects can be repeated: an execution is named by the event's key, and the event that is
 * published has the key that the execution itself would have used.
 */
final class IdentifyOnEvents implements EventHandler<IdentificationMessage> {

  static final ReasonCode WORKFLOW_FAILED = new ReasonCode("workflow-failed");

  /** On top of the publisher's own repetitions. */
  static final Duration PUBLISHING_DELAY = Duration.ofSeconds(30);

  private static final String STARTS = "smartdoor.identification.starts";
  private static final String DEATHS = "smartdoor.identification.deaths";

  private static final Logger log = LoggerFactory.getLogger(IdentifyOnEvents.class);

  private final StateMachineArn own;
  private final WorkflowStarter workflow;
  private final ExecutionInputs executions;
  private final WorkflowInputCodec inputs;
  private final EventPublisher publisher;
  private final EventCodec events;
  private final MeterRegistry meters;
  private final Traces traces;

  IdentifyOnEvents(
      StateMachineArn own,
      WorkflowStarter workflow,
      ExecutionInputs executions,
      WorkflowInputCodec inputs,
      EventPublisher publisher,
      EventCodec events,
      MeterRegistry meters,
      Traces traces) {
    this.own = own;
    this.workflow = workflow;
    this.executions = executions;
    this.inputs = inputs;
    this.publisher = publisher;
    this.events = events;
    this.meters = meters;
    this.traces = traces;
  }

  @Override
  public HandlingOutcome handle(IdentificationMessage message) {
    return switch (message) {
      case DoorChanged(var status, var time) ->
          status.state() == DoorState.OPEN
              ? start(new IdentificationRequest(status, time))
              // The rule lets none of these through.
              : counted(STARTS, "not-open", HandlingOutcome.done());
      case ExecutionChanged changed ->
          changed.stateMachine().equals(own) && changed.status().isDead()
              ? speakFor(changed)
              : counted(DEATHS, "ignored", HandlingOutcome.done());
    };
  }

  private HandlingOutcome start(IdentificationRequest request) {
    var traced = request.within(traces.traceparent());
    return switch (workflow.start(WorkflowInput.of(traced))) {
      case StartOutcome.Started() -> {
        log.info("identification started for {}", request.key());
        yield counted(STARTS, "started", HandlingOutcome.done());
      }
      case StartOutcome.AlreadyStarted() -> {
        log.info("identification was started before for {}", request.key());
        yield counted(STARTS, "already-started", HandlingOutcome.done());
      }
      case StartOutcome.Postponed(var delay, var code) -> {
        log.warn("identification postponed by {} or more for {}: {}", delay, request.key(), code);
        yield counted(STARTS, "postponed", HandlingOutcome.retryLater(delay));
      }
      case StartOutcome.Blocked(var delay, var code) -> {
        log.error("identification blocked until mended, for {}: {}", request.key(), code);
        yield counted(STARTS, "blocked", HandlingOutcome.retryLater(delay));
      }
      case StartOutcome.Refused(var code) -> {
        log.error("identification impossible for {}: {}", request.key(), code);
        yield counted(STARTS, "refused", HandlingOutcome.rejected("workflow-input-refused"));
      }
    };
  }

  private HandlingOutcome speakFor(ExecutionChanged dead) {
    // What is not included, or cut off, is asked for.
    var included = dead.input().flatMap(inputs::decode);
    if (included.isPresent()) {
      return publish(included.get(), dead);
    }
    return switch (executions.of(dead.execution())) {
      case InputLookup.Found(var input) ->
          inputs
              .decode(input)
              .map(it -> publish(it, dead))
              .orElseGet(() -> unanswerable(dead, "workflow-input-unreadable"));
      case InputLookup.Gone() -> unanswerable(dead, "workflow-input-gone");
      case InputLookup.Postponed(var delay, var code) -> {
        log.warn("input of {} not available for {} or more: {}", dead.execution(), delay, code);
        yield counted(DEATHS, "postponed", HandlingOutcome.retryLater(delay));
      }
      case InputLookup.Blocked(var delay, var code) -> {
        log.error("input of {} blocked until mended: {}", dead.execution(), code);
        yield counted(DEATHS, "blocked", HandlingOutcome.retryLater(delay));
      }
    };
  }

  private HandlingOutcome unanswerable(ExecutionChanged dead, String reason) {
    log.error("{} is {} and cannot be told of: {}", dead.execution(), dead.status(), reason);
    return counted(DEATHS, "unanswerable", HandlingOutcome.rejected(reason));
  }

  private HandlingOutcome publish(WorkflowInput input, ExecutionChanged dead) {
    var key = input.request().key();
    var failure = OutgoingEvent.of(input.failure(WORKFLOW_FAILED), events, input.request().time());
    return switch (publisher.publish(List.of(failure)).getFirst()) {
      case PublishOutcome.Published _ -> {
        log.warn("identification {} for {}, which was published", dead.status(), key);
        yield counted(DEATHS, "published", HandlingOutcome.done());
      }
      case PublishOutcome.Failed(var code, _) -> {
        log.warn("identification {} for {}, not published yet: {}", dead.status(), key, code);
        yield counted(DEATHS, "postponed", HandlingOutcome.retryLater(PUBLISHING_DELAY));
      }
      case PublishOutcome.Refused(var code, _) -> {
        log.error("identification {} for {}, refused by the bus: {}", dead.status(), key, code);
        yield counted(DEATHS, "refused", HandlingOutcome.rejected("publishing-refused"));
      }
    };
  }

  private HandlingOutcome counted(String what, String outcome, HandlingOutcome result) {
    meters.counter(what, "outcome", outcome).increment();
    return result;
  }
}
