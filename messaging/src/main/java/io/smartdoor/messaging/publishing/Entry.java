package io.smartdoor.messaging.publishing;

import io.smartdoor.messaging.publishing.PublishOutcome.Failed;
import io.smartdoor.messaging.publishing.PublishOutcome.Published;
import io.smartdoor.messaging.publishing.PublishOutcome.Refused;
import io.smartdoor.messaging.tracing.Step;
import software.amazon.awssdk.services.eventbridge.model.PutEventsResultEntry;

/** One event on its way to the bus, and what became of it so far. For use by one thread. */
final class Entry {

  private final OutgoingEvent event;
  private final Step step;
  private final int size;
  private PublishOutcome outcome;
  private boolean again;

  /**
   * @param step of the event's trace, until {@link #close}
   */
  Entry(OutgoingEvent event, Step step) {
    this.event = event;
    this.step = step;
    this.size = Batches.sizeOf(event);
    this.outcome =
        fits()
            ? new Failed("NotPut", "the publisher did not get to it")
            : new Refused(
                "EntryTooLarge",
                "expected at most %d bytes, found %d".formatted(Batches.MOST_BYTES, size));
  }

  OutgoingEvent event() {
    return event;
  }

  int size() {
    return size;
  }

  boolean fits() {
    return size <= Batches.MOST_BYTES;
  }

  PublishOutcome outcome() {
    return outcome;
  }

  /** Whether to put it again soon. */
  boolean again() {
    return again;
  }

  void answered(PutEventsResultEntry result) {
    var code = result.errorCode();
    if (code == null) {
      settled(new Published(String.valueOf(result.eventId())));
      return;
    }
    var message = String.valueOf(result.errorMessage());
    switch (EntryError.of(code)) {
      case REFUSED -> settled(new Refused(code, message));
      case BLOCKED -> settled(new Failed(code, message));
      case PASSING -> {
        outcome = new Failed(code, message);
        again = true;
      }
    }
  }

  void settled(PublishOutcome settled) {
    outcome = settled;
    again = false;
  }

  /** The outcome is what it is. */
  void close() {
    switch (outcome) {
      case Published(var id) -> step.note("messaging.message.id", id);
      case Refused(var code, _) -> step.failed(code);
      case Failed(var code, _) -> step.failed(code);
    }
    step.close();
  }
}
