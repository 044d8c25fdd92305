package io.smartdoor.messaging.consuming;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.smartdoor.events.IdempotencyKey;
import io.smartdoor.events.ReceivedEvent;
import io.smartdoor.messaging.Backoff;
import io.smartdoor.messaging.idempotency.Claim;
import io.smartdoor.messaging.idempotency.ClaimToken;
import io.smartdoor.messaging.idempotency.EventKey;
import io.smartdoor.messaging.idempotency.IdempotencyStore;
import io.smartdoor.messaging.idempotency.Release;
import io.smartdoor.messaging.testing.InMemoryIdempotencyStore;
import io.smartdoor.messaging.testing.SettableClock;
import io.smartdoor.messaging.tracing.Traces;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/**
 * The consumer is killed before and after each thing it does, at each place in turn; another takes
 * over. The effect is there once, and nothing is left on the queue.
 */
class CrashTest {

  private static final Duration LEASE = Duration.ofSeconds(20);

  @Test
  void leavesOneEffectWhereverTheConsumerIsKilledWhileItHandles() {
    var places = 0;
    for (var place = 1; crashedAt(place, new Run(Kind.DONE)); place++) {
      places = place;
    }
    // Before and after: claim, effect, complete, acknowledge.
    assertThat(places).isEqualTo(8);
  }

  @Test
  void leavesOneEffectWhereverTheConsumerIsKilledWhileItRetries() {
    var places = 0;
    for (var place = 1; crashedAt(place, new Run(Kind.DONE_LATER)); place++) {
      places = place;
    }
    // Claim, release, hide; then claim, effect, complete, acknowledge.
    assertThat(places).isEqualTo(14);
  }

  @Test
  void leavesOneEffectWhereverTheConsumerIsKilledAfterAFailure() {
    var places = 0;
    for (var place = 1; crashedAt(place, new Run(Kind.BREAKS_FIRST)); place++) {
      places = place;
    }
    assertThat(places).isEqualTo(14);
  }

  @Test
  void leavesADeadLetterWhereverTheConsumerIsKilledWhileItRejects() {
    var places = 0;
    for (var place = 1; crashedAt(place, new Run(Kind.REJECTED)); place++) {
      places = place;
    }
    // Claim, renew, dead letter, release, acknowledge.
    assertThat(places).isEqualTo(10);
  }

  /** Whether there was such a place to crash at. */
  private static boolean crashedAt(int place, Run run) {
    run.crashAt = place;
    run.untilTheQueueIsEmpty();

    var expected = run.kind == Kind.REJECTED ? Set.of() : Set.of(run.key);
    assertThat(run.effects).as("effects, killed at place %d", place).isEqualTo(expected);
    if (run.kind == Kind.REJECTED) {
      assertThat(run.queue.deadLetters()).as("killed at place %d", place).hasSizeBetween(1, 2);
    } else {
      assertThat(run.queue.deadLetters()).as("killed at place %d", place).isEmpty();
    }
    return run.passed >= place;
  }

  private enum Kind {
    DONE,
    DONE_LATER,
    BREAKS_FIRST,
    REJECTED
  }

  private static final class Crash extends Error {}

  private static final class Run {

    final Kind kind;
    final SettableClock clock = new SettableClock(Instant.parse("2026-01-31T12:00:00Z"));
    final FakeQueue queue = new FakeQueue(clock);
    final IdempotencyStore store = new InMemoryIdempotencyStore(clock, LEASE);
    final IdempotencyKey key = Openings.aKey();
    final Set<IdempotencyKey> effects = new HashSet<>();
    boolean handledBefore;
    int crashAt;
    int passed;

    Run(Kind kind) {
      this.kind = kind;
    }

    void untilTheQueueIsEmpty() {
      queue.send(Openings.opening(key));
      for (var i = 0; i < 100 && !queue.isEmpty(); i++) {
        queue
            .receive()
            .ifPresent(delivery -> {
              try {
                consumer().receive(new CrashingDelivery(delivery));
              } catch (Crash _) {
                // Killed: nothing else happens until somebody else gets the message.
              }
            });
        clock.advance(Duration.ofSeconds(5));
      }
      assertThat(queue.isEmpty()).as("the queue is empty in the end").isTrue();
    }

    private QueueConsumer<ReceivedEvent> consumer() {
      return new QueueConsumer<>(
          new Subscription<>("notification", "queue", "dlq", Openings.DECODER, this::handle),
          new CrashingStore(),
          clock,
          new Backoff(Duration.ofSeconds(2), Duration.ofMinutes(15), () -> 0),
          10,
          new ConsumerMetrics(new SimpleMeterRegistry(), "notification"),
          Vigils.over(store, clock, LEASE),
          Traces.off());
    }

    private HandlingOutcome handle(ReceivedEvent event) {
      if (kind == Kind.REJECTED) {
        return HandlingOutcome.rejected("recipient-gone");
      }
      if (kind != Kind.DONE && !handledBefore) {
        handledBefore = true;
        if (kind == Kind.BREAKS_FIRST) {
          throw new IllegalStateException("the first time");
        }
        return HandlingOutcome.retryLater(Duration.ofSeconds(1));
      }
      around(() -> effects.add(event.event().metadata().idempotencyKey()));
      return HandlingOutcome.done();
    }

    private <T> T around(Supplier<T> step) {
      place();
      var result = step.get();
      place();
      return result;
    }

    private void around(Runnable step) {
      around(() -> {
        step.run();
        return true;
      });
    }

    private void place() {
      passed++;
      if (passed == crashAt) {
        throw new Crash();
      }
    }

    private final class CrashingStore implements IdempotencyStore {

      @Override
      public Claim claim(EventKey event) {
        return around(() -> store.claim(event));
      }

      @Override
      public Optional<Instant> renew(EventKey event, ClaimToken token) {
        return around(() -> store.renew(event, token));
      }

      @Override
      public boolean complete(EventKey event, ClaimToken token) {
        return around(() -> store.complete(event, token));
      }

      @Override
      public boolean release(EventKey event, ClaimToken token, Release how) {
        return around(() -> store.release(event, token, how));
      }
    }

    private final class CrashingDelivery implements Delivery {

      private final Delivery delivery;

      CrashingDelivery(Delivery delivery) {
        this.delivery = delivery;
      }

      @Override
      public String body() {
        return delivery.body();
      }

      @Override
      public int receives() {
        return delivery.receives();
      }

      @Override
      public void acknowledge() {
        around(delivery::acknowledge);
      }

      @Override
      public void hideFor(Duration duration) {
        around(() -> delivery.hideFor(duration));
      }

      @Override
      public void sendToDeadLetters(DeadLetter letter) {
        around(() -> delivery.sendToDeadLetters(letter));
      }
    }
  }
}
