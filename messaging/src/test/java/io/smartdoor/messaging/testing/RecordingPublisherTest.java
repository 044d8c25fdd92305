package io.smartdoor.messaging.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.smartdoor.messaging.publishing.EventPublisher;
import io.smartdoor.messaging.publishing.EventPublisherContract;
import io.smartdoor.messaging.publishing.OutgoingEvent;
import io.smartdoor.messaging.publishing.PublishOutcome.Failed;
import io.smartdoor.messaging.publishing.PublishOutcome.Published;
import io.smartdoor.messaging.publishing.PublishOutcome.Refused;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class RecordingPublisherTest extends EventPublisherContract {

  private final RecordingPublisher publisher = new RecordingPublisher();
  private final OutgoingEvent event =
      new OutgoingEvent("Door Status", "{}", List.of(), Instant.EPOCH);

  @Override
  protected EventPublisher publisher() {
    return publisher;
  }

  @Override
  protected List<Heard> heard() {
    return publisher.published().stream().map(Heard::of).toList();
  }

  @Test
  void notesWhatItTookAndOnlyThat() {
    publisher.failEverything();
    assertThat(publisher.publish(List.of(event))).singleElement().isInstanceOf(Failed.class);
    publisher.refuseEverything();
    assertThat(publisher.publish(List.of(event))).singleElement().isInstanceOf(Refused.class);
    assertThat(publisher.published()).isEmpty();

    publisher.takeEverything();
    assertThat(publisher.publish(List.of(event, event)))
        .containsExactly(new Published("event-1"), new Published("event-2"));
    assertThat(publisher.published()).containsExactly(event, event);
    assertThat(publisher.calls()).isEqualTo(3);
  }
}
