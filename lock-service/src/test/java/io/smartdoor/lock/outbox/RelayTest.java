package io.smartdoor.lock.outbox;

import static io.smartdoor.lock.outbox.OutboxFixture.LEASE;
import static io.smartdoor.lock.outbox.OutboxFixture.NOW;
import static io.smartdoor.lock.outbox.OutboxFixture.POLICY;
import static io.smartdoor.lock.outbox.OutboxFixture.aDoor;
import static io.smartdoor.lock.outbox.OutboxFixture.anOpeningOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.smartdoor.events.DoorId;
import io.smartdoor.messaging.Backoff;
import io.smartdoor.messaging.publishing.PublishOutcome;
import io.smartdoor.messaging.testing.RecordingPublisher;
import io.smartdoor.messaging.testing.SettableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The relay, its queue and the sweeper, with time moved by hand. */
@Timeout(30)
class RelayTest {

  private static final DoorId DOOR = aDoor();

  private final SettableClock clock = new SettableClock(NOW);
  private final InMemoryOutbox outbox = new InMemoryOutbox(LEASE);
  private final RecordingPublisher bus = new RecordingPublisher();
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final OutboxMetrics metrics = new OutboxMetrics(meters, clock);
  private final Relay relay = new Relay(outbox, bus, POLICY, metrics, clock);
  private final Sweeper sweeper = sweeperOf(outbox);

  @Test
  void publishesWhatWasAcceptedUnchangedAndWritesItDown() {
    var event = accepted();

    relay.relay(List.of(held(event)));

    assertThat(bus.published()).containsExactly(event.outgoing());
    assertThat(recorded(event).publishedAt()).hasValue(NOW);
    assertThat(meters.get("smartdoor.outbox.published").counter().count()).isEqualTo(1);
  }

  @Test
  void looksAtEachEntrysOwnOutcome() {
    var published = accepted();
    var failed = accepted();
    var refused = accepted();
    bus.answerWith(event -> {
      if (event.equals(failed.outgoing())) {
        return new PublishOutcome.Failed("ThrottlingException", "Rate exceeded");
      }
      return event.equals(refused.outgoing())
          ? new PublishOutcome.Refused("MalformedDetail", "Detail is malformed.")
          : new PublishOutcome.Published("id");
    });

    relay.relay(List.of(held(published), held(failed), held(refused)));

    assertThat(recorded(published).publishedAt()).isPresent();
    assertThat(recorded(failed).publishedAt()).isEmpty();
    assertThat(recorded(failed).parkedCode()).isEmpty();
    assertThat(recorded(refused).parkedCode()).hasValue("MalformedDetail");
    assertThat(outbox.survey()).isEqualTo(new Backlog.Survey(1, 1));
  }

  @Test
  void leavesAnEventAloneWhoseLeaseEndedWhileItWaited() {
    var event = accepted();
    clock.advance(LEASE);

    relay.relay(List.of(held(event)));

    assertThat(bus.calls()).isZero();
  }

  @Test
  void staysPendingWhenWritingItDownFails() throws Exception {
    var event = accepted();
    var forgetful = new Relay(new Forgetful(outbox), bus, POLICY, metrics, clock);

    forgetful.relay(List.of(held(event)));
    assertThat(meters.get("smartdoor.outbox.published").counter().count()).isZero();
    clock.advance(LEASE);
    sweeper.sweep();

    assertThat(bus.published()).containsExactly(event.outgoing(), event.outgoing());
    assertThat(recorded(event).publishedAt()).isPresent();
    assertThat(meters.get("smartdoor.outbox.published").counter().count()).isEqualTo(1);
  }

  @Test
  void theSweeperLeavesWhatIsInHand() throws Exception {
    accepted();
    clock.advance(LEASE.minusMillis(1));

    sweeper.sweep();

    assertThat(bus.calls()).isZero();
    assertThat(outbox.survey().pending()).isEqualTo(1);
  }

  @Test
  void theSweeperPublishesWhatACrashLeftHoweverMuch() throws Exception {
    var events = IntStream.range(0, 250).mapToObj(i -> accepted()).toList();
    clock.advance(LEASE);

    sweeper.sweep();

    assertThat(bus.published())
        .containsExactlyInAnyOrderElementsOf(events.stream().map(AcceptedEvent::outgoing).toList());
    assertThat(outbox.survey().pending()).isZero();
  }

  /** A page is worked through before the next is read, and none is read twice. */
  @Test
  void theSweeperReadsEachShardOnce() throws Exception {
    IntStream.range(0, 250).forEach(i -> accepted());
    clock.advance(LEASE);
    var reads = new AtomicInteger();
    var counting =
        new WatchedBacklog(outbox) {
          @Override
          public Iterable<List<PendingEvent>> due(int shard, Instant now) {
            reads.incrementAndGet();
            return super.due(shard, now);
          }
        };

    sweeperOf(counting).sweep();

    assertThat(bus.published()).hasSize(250);
    assertThat(reads).hasValue(Backlog.SHARDS);
  }

  @Test
  void tellsHowLongAgoEveryShardWasSwept() throws Exception {
    var since = meters.get("smartdoor.outbox.seconds-since-sweep").gauge();
    clock.advance(Duration.ofSeconds(7));
    assertThat(since.value()).as("since it was started").isEqualTo(7);

    sweeper.sweep();
    assertThat(since.value()).isZero();

    clock.advance(Duration.ofSeconds(3));
    var broken =
        new WatchedBacklog(outbox) {
          @Override
          public Iterable<List<PendingEvent>> due(int shard, Instant now) {
            if (shard == 3) {
              throw new IllegalStateException("out of reach");
            }
            return super.due(shard, now);
          }
        };
    sweeperOf(broken).sweep();
    assertThat(since.value()).isEqualTo(3);
  }

  @Test
  void theSweeperPublishesWhatItLeasedAlthoughALeaseFails() throws Exception {
    IntStream.range(0, 250).forEach(i -> accepted());
    clock.advance(LEASE);
    var batch = outbox.due(3, clock.instant()).iterator().next().subList(0, Relay.BATCH);
    var failing = batch.get(1);
    var leased = new AtomicInteger();
    var broken =
        new WatchedBacklog(outbox) {
          @Override
          public Optional<PendingEvent> lease(PendingEvent event, Instant now, Instant until) {
            if (event.key().equals(failing.key())) {
              throw new IllegalStateException("out of reach");
            }
            leased.incrementAndGet();
            return super.lease(event, now, until);
          }
        };

    sweeperOf(broken).sweep();

    assertThat(bus.published())
        .hasSize(leased.get())
        .containsAll(
            batch.stream().filter(it -> !it.equals(failing)).map(PendingEvent::outgoing).toList())
        .doesNotContain(failing.outgoing());
    assertThat(meters.get("smartdoor.outbox.seconds-since-sweep").gauge().value())
        .as("a shard was not swept to its end")
        .isEqualTo(40);
  }

  @Test
  void aBusThatIsOutIsTriedAgainLessAndLessOftenUntilItIsBack() throws Exception {
    var event = accepted();
    bus.failEverything();
    clock.advance(LEASE);
    sweeper.sweep();
    var callsAtFirst = bus.calls();

    sweeper.sweep();
    assertThat(bus.calls()).as("not before its delay").isEqualTo(callsAtFirst);
    clock.advance(Duration.ofSeconds(1));
    sweeper.sweep();
    assertThat(bus.calls()).isEqualTo(callsAtFirst + 1);

    bus.takeEverything();
    clock.advance(POLICY.backoff().longest());
    sweeper.sweep();
    assertThat(bus.published()).containsExactly(event.outgoing());
  }

  @Test
  void aBusThatIsOutIsNotBotheredWithTheWholeBacklog() throws Exception {
    IntStream.range(0, 500).forEach(i -> accepted());
    clock.advance(LEASE);
    bus.failEverything();

    sweeper.sweep();

    assertThat(bus.calls()).isEqualTo(1);
  }

  @Test
  void whatTheBusDidNotTakeIsPutOffFurtherWithEachAttempt() {
    var backoff = new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(30), () -> 0.5);
    var policy = new RelayPolicy(LEASE, backoff, RelayPolicy.RETENTION);
    var outcome = new PublishOutcome.Failed("code", "message");
    for (var attempts : List.of(0, 1, 5, 1_000_000)) {
      var event = new PendingEvent(anEvent().key(), anEvent().outgoing(), NOW, NOW, attempts);
      assertThat(policy.settle(event, outcome, NOW))
          .isEqualTo(new Settlement.RetryAt(NOW.plus(backoff.delay(attempts + 1))));
    }
  }

  @Test
  void whatIsPublishedIsKeptForNinetyDays() {
    var settlement = POLICY.settle(held(anEvent()), new PublishOutcome.Published("id"), NOW);

    assertThat(settlement).isEqualTo(new Settlement.Published(NOW, NOW.plus(Duration.ofDays(90))));
  }

  @Test
  void theQueuePublishesWhatWasJustAcceptedAndFinishesWhenItStops() throws Exception {
    var queue = new RelayQueue(relay, 100, 2);
    var relaying = new RelayingOutbox(outbox, queue, LEASE);
    queue.start();
    var events = IntStream.range(0, 50).mapToObj(i -> anEvent()).toList();

    events.forEach(relaying::accept);
    relaying.accept(events.getFirst());
    queue.stop(Duration.ofSeconds(10));

    assertThat(bus.published()).hasSize(50).doesNotHaveDuplicates();
    assertThat(outbox.survey().pending()).isZero();
  }

  @Test
  void acceptingDoesNotWaitForTheBusAndAFullQueueIsLeftToTheSweeper() throws Exception {
    var asked = new CountDownLatch(1);
    var answer = new CountDownLatch(1);
    bus.answerWith(event -> {
      asked.countDown();
      awaited(answer);
      return new PublishOutcome.Published("id");
    });
    var queue = new RelayQueue(relay, 5, 1);
    var relaying = new RelayingOutbox(outbox, queue, LEASE);
    queue.start();
    relaying.accept(anEvent());
    asked.await();

    var acceptances = IntStream.range(0, 20).mapToObj(i -> relaying.accept(anEvent())).toList();

    assertThat(acceptances).allMatch(Acceptance.New.class::isInstance);
    answer.countDown();
    queue.stop(Duration.ofSeconds(10));
    assertThat(outbox.survey().pending()).isEqualTo(15);
    clock.advance(LEASE);
    sweeper.sweep();
    assertThat(outbox.survey().pending()).isZero();
  }

  @Test
  void stoppingIsAMatterOfItsPatienceWhateverTheBusDoes() throws Exception {
    var answer = new CountDownLatch(1);
    bus.answerWith(event -> {
      awaited(answer);
      return new PublishOutcome.Published("id");
    });
    var queue = new RelayQueue(relay, 5, 1);
    queue.start();
    queue.signal(held(accepted()));

    queue.stop(Duration.ofMillis(50));

    assertThat(outbox.survey().pending()).isEqualTo(1);
    answer.countDown();
  }

  @Test
  void theScheduleSweepsAtOnceAndAgainAndEndsWhenItStops() throws Exception {
    var scheduler = Executors.newSingleThreadScheduledExecutor();
    var schedule = new SweepSchedule(sweeper, Duration.ofMillis(1), () -> scheduler, new Random(1));
    var first = accepted();
    clock.advance(LEASE);
    var published = new CountDownLatch(2);
    bus.answerWith(event -> {
      published.countDown();
      if (event.equals(first.outgoing())) {
        // The second is there only once the first sweep is under way.
        outbox.accept(anOpeningOf(DOOR, clock.instant().minus(LEASE)));
      }
      return new PublishOutcome.Published("id");
    });

    schedule.start();

    assertThat(published.await(20, TimeUnit.SECONDS)).isTrue();
    schedule.stop();
    schedule.awaitStop(Duration.ofSeconds(10));
    assertThat(scheduler.isTerminated()).isTrue();
  }

  @Test
  void theScheduleSurvivesWhateverASweepFailsWith() throws Exception {
    var sweeps = new CountDownLatch(3);
    var failing =
        new WatchedBacklog(outbox) {
          @Override
          public Iterable<List<PendingEvent>> due(int shard, Instant now) {
            sweeps.countDown();
            throw new StackOverflowError("of a test");
          }
        };
    var schedule = schedule(sweeperOf(failing));

    schedule.start();

    assertThat(sweeps.await(20, TimeUnit.SECONDS)).isTrue();
    schedule.stop();
    schedule.awaitStop(Duration.ofSeconds(10));
  }

  @Test
  void theQueueSurvivesWhateverPublishingFailsWith() throws Exception {
    var fails = new AtomicBoolean(true);
    bus.answerWith(event -> {
      if (fails.getAndSet(false)) {
        throw new StackOverflowError("of a test");
      }
      return new PublishOutcome.Published("id");
    });
    var queue = new RelayQueue(relay, 100, 1);
    queue.start();
    queue.signal(held(accepted()));
    await().atMost(Duration.ofSeconds(20)).untilFalse(fails);

    queue.signal(held(accepted()));
    queue.stop(Duration.ofSeconds(10));

    assertThat(outbox.survey().pending()).isEqualTo(1);
  }

  @Test
  void relayingCanBeStoppedAndStartedAgain() {
    var queue = new RelayQueue(relay, 100, 1);
    var relaying = new OutboxConfiguration.Relaying(queue, schedule(sweeper), surveyor(outbox));
    relaying.start();
    relaying.stop();
    assertThat(relaying.isRunning()).isFalse();
    var toSweep = accepted();
    var toRelay = accepted();
    queue.signal(held(toSweep));

    relaying.start();
    queue.signal(held(toRelay));
    awaitPublished(toRelay);
    assertThat(recorded(toSweep).publishedAt()).isEmpty();
    clock.advance(LEASE);
    awaitPublished(toSweep);

    assertThat(relaying.isRunning()).isTrue();
    relaying.stop();
  }

  /** The alarm on it is needed most while the bus holds everything up. */
  @Test
  void showsHowLongTheOldestWaitsWhileTheBusHoldsUpASweep() {
    var asked = new CountDownLatch(1);
    var answer = new CountDownLatch(1);
    bus.answerWith(event -> {
      asked.countDown();
      awaited(answer);
      return new PublishOutcome.Published("id");
    });
    accepted();
    clock.advance(LEASE);
    var queue = new RelayQueue(relay, 100, 1);
    var relaying = new OutboxConfiguration.Relaying(queue, schedule(sweeper), surveyor(outbox));
    var oldest = meters.get("smartdoor.outbox.oldest-pending-seconds").gauge();
    relaying.start();
    awaited(asked);

    accepted();
    await().atMost(Duration.ofSeconds(20)).until(() -> oldest.value() == LEASE.toSeconds());
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> meters.get("smartdoor.outbox.pending").gauge().value() == 2);

    answer.countDown();
    relaying.stop();
  }

  private void awaitPublished(AcceptedEvent event) {
    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(() -> assertThat(recorded(event).publishedAt()).isPresent());
  }

  private Sweeper sweeperOf(Backlog backlog) {
    return new Sweeper(
        backlog,
        relay,
        POLICY,
        new SweepPolicy(8, 500),
        metrics,
        clock,
        duration -> {},
        new Random(1));
  }

  private Surveyor surveyor(Backlog backlog) {
    return new Surveyor(
        backlog,
        metrics,
        Duration.ofMillis(1),
        () -> Executors.newScheduledThreadPool(Surveyor.THREADS));
  }

  private static SweepSchedule schedule(Sweeper sweeper) {
    return new SweepSchedule(
        sweeper, Duration.ofMillis(1), Executors::newSingleThreadScheduledExecutor, new Random(1));
  }

  private static void awaited(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static AcceptedEvent anEvent() {
    return anOpeningOf(DOOR);
  }

  private AcceptedEvent accepted() {
    var event = anEvent();
    outbox.accept(event);
    return event;
  }

  private static PendingEvent held(AcceptedEvent event) {
    return PendingEvent.accepted(event, LEASE);
  }

  private RecordedEvent recorded(AcceptedEvent event) {
    return outbox.history(DOOR, 1000, Optional.empty()).items().stream()
        .filter(it -> it.key().equals(event.key()))
        .findFirst()
        .orElseThrow();
  }

  /** A backlog that keeps no settlement: the instance dies before it could. */
  private static final class Forgetful extends WatchedBacklog {

    Forgetful(Backlog backlog) {
      super(backlog);
    }

    @Override
    public void settle(PendingEvent event, Settlement settlement) {
      throw new IllegalStateException("the table is out of reach");
    }
  }
}
