package io.smartdoor.messaging.publishing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.smartdoor.messaging.publishing.PublishOutcome.Published;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What everybody who publishes may rely on, whichever publisher it is. */
public abstract class EventPublisherContract {

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  /** In the detail of every event of this test, and of no other. */
  protected final String mark = UUID.randomUUID().toString();

  /** What a subscriber hears of an event. */
  public record Heard(String detailType, JsonNode detail, List<String> resources) {
    public static Heard of(OutgoingEvent event) {
      return new Heard(
          event.detailType(),
          JsonMapper.shared().readTree(event.detail()),
          List.copyOf(event.resources()));
    }
  }

  protected abstract EventPublisher publisher();

  /** What was heard since the last call; the bus may take its time. */
  protected abstract List<Heard> heard();

  @Test
  void publishesAnEventAsItIs() {
    var event = event("Door Status", "{\"mark\":\"%s\",\"state\":\"geöffnet\"}", "door/front-door");

    assertThat(publisher().publish(List.of(event))).singleElement().isInstanceOf(Published.class);

    assertThat(heard(1)).containsExactly(Heard.of(event));
  }

  @Test
  void publishesHoweverManyThereAreEachUnderAnIdOfItsOwn() {
    var events =
        IntStream.range(0, 23).mapToObj(i -> event("Type " + i, "{\"mark\":\"%s\"}")).toList();

    var outcomes = publisher().publish(events);

    assertThat(outcomes).hasSize(23).doesNotHaveDuplicates().allMatch(Published.class::isInstance);
    assertThat(heard(23))
        .containsExactlyInAnyOrderElementsOf(events.stream().map(Heard::of).toList());
  }

  @Test
  void publishesNothingWhereThereIsNothing() {
    assertThat(publisher().publish(List.of())).isEmpty();
  }

  private OutgoingEvent event(String detailType, String detail, String... resources) {
    return new OutgoingEvent(
        detailType,
        detail.formatted(mark),
        List.of(resources),
        Instant.parse("2026-01-31T12:00:00Z"));
  }

  private List<Heard> heard(int count) {
    var all = new ArrayList<Heard>();
    await().atMost(PATIENCE).until(() -> all.addAll(heard()) && all.size() >= count);
    return all;
  }
}
