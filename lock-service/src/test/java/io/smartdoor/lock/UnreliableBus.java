package io.smartdoor.lock;

import io.smartdoor.messaging.publishing.EventPublisher;
import io.smartdoor.messaging.publishing.OutgoingEvent;
import io.smartdoor.messaging.publishing.PublishOutcome;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;

/** The real bus, until a test says that it is out, refuses something, or takes the service down. */
final class UnreliableBus implements EventPublisher {

  /** Whether it is as ever ({@code null}), or what it says instead. */
  @FunctionalInterface
  interface Fault {
    @Nullable PublishOutcome of(OutgoingEvent event);
  }

  private static final Fault NONE = event -> null;

  private final EventPublisher bus;
  private final ConcurrentLinkedQueue<OutgoingEvent> published = new ConcurrentLinkedQueue<>();
  private volatile Fault fault = NONE;

  private UnreliableBus(EventPublisher bus) {
    this.bus = bus;
  }

  @Override
  public List<PublishOutcome> publish(List<OutgoingEvent> events) {
    var outcomes = new ArrayList<PublishOutcome>();
    for (var event : events) {
      var failure = fault.of(event);
      var outcome = failure == null ? bus.publish(List.of(event)).getFirst() : failure;
      if (outcome instanceof PublishOutcome.Published) {
        published.add(event);
      }
      outcomes.add(outcome);
    }
    return outcomes;
  }

  void isReliable() {
    fault = NONE;
  }

  /** Every PutEvents is refused. */
  void isOut() {
    fault = event -> new PublishOutcome.Failed("ThrottlingException", "Rate exceeded");
  }

  void refusesEntriesFor(String door) {
    answersFor(door, event -> new PublishOutcome.Refused("MalformedDetail", "is malformed"));
  }

  /** Whoever publishes an event of this door dies over it, neither knowing nor writing anything. */
  void killsWhoPublishesFor(String door) {
    answersFor(
        door,
        event -> {
          throw new IllegalStateException("killed");
        });
  }

  private void answersFor(String door, Function<OutgoingEvent, PublishOutcome> answer) {
    fault = event -> isOf(door, event) ? answer.apply(event) : null;
  }

  /** What the bus took of this door's. */
  List<OutgoingEvent> publishedFor(String door) {
    return published.stream().filter(it -> isOf(door, it)).toList();
  }

  private static boolean isOf(String door, OutgoingEvent event) {
    return event.resources().contains("door/" + door);
  }

  /** Puts it in place of the application's publisher. */
  @TestConfiguration
  static class InPlace {
    @Bean
    static BeanPostProcessor unreliableBus() {
      return new BeanPostProcessor() {
        @Override
        public Object postProcessAfterInitialization(Object bean, String name) {
          return bean instanceof EventPublisher publisher ? new UnreliableBus(publisher) : bean;
        }
      };
    }
  }
}
