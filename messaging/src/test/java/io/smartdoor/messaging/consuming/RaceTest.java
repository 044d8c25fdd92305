package io.smartdoor.messaging.consuming;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.smartdoor.events.IdempotencyKey;
import io.smartdoor.events.ReceivedEvent;
import io.smartdoor.messaging.Backoff;
import io.smartdoor.messaging.testing.InMemoryIdempotencyStore;
import io.smartdoor.messaging.testing.SettableClock;
import io.smartdoor.messaging.tracing.Traces;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Several consumers work on one queue in which every event lies several times, in any order. */
class RaceTest {

  private static final int CONSUMERS = 8;
  private static final int EVENTS = 500;
  private static final int COPIES = 3;

  private final SettableClock clock = new SettableClock(Instant.parse("2026-01-31T12:00:00Z"));
  private final FakeQueue queue = new FakeQueue(clock);
  private final InMemoryIdempotencyStore store =
      new InMemoryIdempotencyStore(clock, Duration.ofSeconds(20));
  private final Map<IdempotencyKey, AtomicInteger> effects = new ConcurrentHashMap<>();

  @Test
  void everyEventIsHandledAndNoneTwice() throws Exception {
    sendEveryEventSeveralTimes();

    while (!queue.isEmpty()) {
      consumeWhatIsVisible();
      clock.advance(Duration.ofSeconds(20));
    }

    assertEachEventHadItsEffectOnce();
  }

  /** Each with its own polls, places and vigil, as two processes would have them. */
  @Test
  void twoInstancesShareAQueue() {
    sendEveryEventSeveralTimes();
    var vigils = List.of(vigil(), vigil());
    var empty = new CompletableFuture<Boolean>();
    Polls polls =
        (most, _) -> {
          var received =
              Stream.generate(queue::receive).limit(most).flatMap(Optional::stream).toList();
          if (received.isEmpty()) {
            letTimePassOver(vigils);
          }
          if (queue.isEmpty()) {
            empty.complete(true);
          }
          return received;
        };
    var pollers =
        vigils.stream()
            .map(vigil ->
                new Poller(
                    "notification",
                    polls,
                    () -> {},
                    consumer(vigil)::receive,
                    16,
                    Duration.ofSeconds(1),
                    new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(1), () -> 0)))
            .toList();

    pollers.forEach(Poller::start);
    assertThat(empty).succeedsWithin(Duration.ofSeconds(60));
    pollers.forEach(Poller::stop);

    assertEachEventHadItsEffectOnce();
  }

  /**
   * Only while nothing is in hand: a claim made since then sees a second at most for each of the
   * eight polls that may be open, less than its lease.
   */
  private void letTimePassOver(List<Vigil> vigils) {
    if (vigils.stream().allMatch(Vigil::isOverNothing)) {
      clock.advance(Duration.ofSeconds(1));
    }
  }

  private void sendEveryEventSeveralTimes() {
    var bodies = new ArrayList<String>();
    for (var i = 0; i < EVENTS; i++) {
      bodies.addAll(Collections.nCopies(COPIES, Openings.opening(Openings.aKey())));
    }
    Collections.shuffle(bodies, new Random(42));
    bodies.forEach(queue::send);
  }

  private void assertEachEventHadItsEffectOnce() {
    assertThat(effects).hasSize(EVENTS);
    assertThat(effects.values()).allMatch(count -> count.get() == 1);
    assertThat(queue.deadLetters()).isEmpty();
  }

  private Vigil vigil() {
    return Vigils.over(store, clock, Duration.ofSeconds(20));
  }

  private void consumeWhatIsVisible() throws Exception {
    var start = new CyclicBarrier(CONSUMERS);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var consumers = new ArrayList<Future<?>>();
      for (var i = 0; i < CONSUMERS; i++) {
        consumers.add(
            threads.submit(() -> {
              var consumer = consumer(vigil());
              start.await();
              for (var next = queue.receive(); next.isPresent(); next = queue.receive()) {
                consumer.receive(next.get());
              }
              return consumer;
            }));
      }
      for (var consumer : consumers) {
        consumer.get();
      }
    }
  }

  private QueueConsumer<ReceivedEvent> consumer(Vigil vigil) {
    return new QueueConsumer<>(
        new Subscription<>("notification", "queue", "dlq", Openings.DECODER, this::handle),
        store,
        clock,
        new Backoff(Duration.ofSeconds(2), Duration.ofMinutes(15), () -> 0),
        10,
        new ConsumerMetrics(new SimpleMeterRegistry(), "notification"),
        vigil,
        Traces.off());
  }

  private HandlingOutcome handle(ReceivedEvent event) {
    effects
        .computeIfAbsent(event.event().metadata().idempotencyKey(), _ -> new AtomicInteger())
        .incrementAndGet();
    return HandlingOutcome.done();
  }
}
