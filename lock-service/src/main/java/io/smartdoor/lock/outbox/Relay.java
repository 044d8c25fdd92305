package io.smartdoor.lock.outbox;

import io.smartdoor.messaging.publishing.EventPublisher;
import io.smartdoor.messaging.publishing.PublishOutcome;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts pending events on the bus and writes down what became of each.
 *
 * <p>A crash in between leaves an event pending that is on the bus already: it is published again,
 * and subscribers deduplicate. Safe for use by several threads.
 */
final class Relay {

  /** How many events one call to the bus takes: EventBridge's PutEvents allows 10. */
  static final int BATCH = 10;

  private static final Logger log = LoggerFactory.getLogger(Relay.class);

  private final Backlog backlog;
  private final EventPublisher publisher;
  private final RelayPolicy policy;
  private final OutboxMetrics metrics;
  private final Clock clock;

  Relay(
      Backlog backlog,
      EventPublisher publisher,
      RelayPolicy policy,
      OutboxMetrics metrics,
      Clock clock) {
    this.backlog = backlog;
    this.publisher = publisher;
    this.policy = policy;
    this.metrics = metrics;
    this.clock = clock;
  }

  /**
   * Publishes those of {@code events} that are still held.
   *
   * @return how the bus received them
   */
  Reception relay(List<PendingEvent> events) {
    var now = clock.instant();
    var held = events.stream().filter(it -> it.isHeldAt(now)).toList();
    if (held.isEmpty()) {
      return Reception.WHOLE;
    }
    var outcomes = publisher.publish(held.stream().map(PendingEvent::outgoing).toList());
    settle(held, outcomes);
    return Reception.of(outcomes);
  }

  /** Side by side: each is a write of its own. */
  private void settle(List<PendingEvent> events, List<PublishOutcome> outcomes) {
    if (events.size() == 1) {
      settle(events.getFirst(), outcomes.getFirst());
      return;
    }
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var i = 0; i < events.size(); i++) {
        var event = events.get(i);
        var outcome = outcomes.get(i);
        threads.execute(() -> settle(event, outcome));
      }
    }
  }

  private void settle(PendingEvent event, PublishOutcome outcome) {
    var settlement = policy.settle(event, outcome, clock.instant());
    switch (outcome) {
      case PublishOutcome.Published it ->
          log.debug("published {} as {}", event.key(), it.eventId());
      case PublishOutcome.Failed it ->
          log.warn("the bus did not take {}: {} {}", event.key(), it.code(), it.message());
      case PublishOutcome.Refused it ->
          log.error("parked {}, refused by the bus: {} {}", event.key(), it.code(), it.message());
    }
    try {
      backlog.settle(event, settlement);
      metrics.count(settlement);
    } catch (RuntimeException e) {
      log.warn("{} stays pending and is published again: {}", event.key(), e.toString());
    }
  }
}
