package io.smartdoor.messaging.testing;

import io.smartdoor.messaging.publishing.EventPublisher;
import io.smartdoor.messaging.publishing.OutgoingEvent;
import io.smartdoor.messaging.publishing.PublishOutcome;
import io.smartdoor.messaging.publishing.PublishOutcome.Failed;
import io.smartdoor.messaging.publishing.PublishOutcome.Published;
import io.smartdoor.messaging.publishing.PublishOutcome.Refused;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * A publisher for tests that takes note of what it published, and answers as it was told to: at
 * first it takes everything. Safe for use by several threads.
 */
public final class RecordingPublisher implements EventPublisher {

  private final List<OutgoingEvent> published = new ArrayList<>();
  private Function<OutgoingEvent, PublishOutcome> answer = this::take;
  private int calls;

  @Override
  public synchronized List<PublishOutcome> publish(List<OutgoingEvent> events) {
    calls++;
    var outcomes = new ArrayList<PublishOutcome>();
    for (var event : events) {
      var outcome = answer.apply(event);
      if (outcome instanceof Published) {
        published.add(event);
      }
      outcomes.add(outcome);
    }
    return List.copyOf(outcomes);
  }

  /** What was published so far, in order. */
  public synchronized List<OutgoingEvent> published() {
    return List.copyOf(published);
  }

  /** How often it was asked to publish. */
  public synchronized int calls() {
    return calls;
  }

  /** Takes everything from now on. */
  public void takeEverything() {
    answerWith(this::take);
  }

  /** Takes nothing from now on, as a bus that throttles. */
  public void failEverything() {
    answerWith(_ -> new Failed("ThrottlingException", "Rate exceeded"));
  }

  /** Refuses everything from now on, as a bus does what is no JSON. */
  public void refuseEverything() {
    answerWith(_ -> new Refused("MalformedDetail", "Detail is malformed."));
  }

  /** Answers by {@code rule} from now on; what it says is published is noted. */
  public synchronized void answerWith(Function<OutgoingEvent, PublishOutcome> rule) {
    answer = rule;
  }

  private PublishOutcome take(OutgoingEvent event) {
    return new Published("event-" + (published.size() + 1));
  }
}
