package io.smartdoor.lock.outbox;

import static io.smartdoor.lock.outbox.OutboxFixture.LEASE;
import static io.smartdoor.lock.outbox.OutboxFixture.NOW;
import static io.smartdoor.lock.outbox.OutboxFixture.POLICY;
import static io.smartdoor.lock.outbox.OutboxFixture.aDoor;
import static io.smartdoor.lock.outbox.OutboxFixture.anOpeningOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.smartdoor.events.DoorId;
import io.smartdoor.messaging.publishing.EventPublisher;
import io.smartdoor.messaging.publishing.OutgoingEvent;
import io.smartdoor.messaging.publishing.PublishOutcome;
import io.smartdoor.messaging.testing.RecordingPublisher;
import io.smartdoor.messaging.testing.SettableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Several instances sweep one backlog, with time moved by hand. */
@Timeout(60)
class SweepersTest {

  private static final DoorId DOOR = aDoor();
  private static final SweepPolicy SWEEPS = new SweepPolicy(8, 500);

  private final SettableClock clock = new SettableClock(NOW);
  private final InMemoryOutbox outbox = new InMemoryOutbox(LEASE);

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5})
  void publishEachEventOnceWhenTheySweepAtOnce(int seed) throws Exception {
    var bus = new RecordingPublisher();
    var lost = new AtomicInteger();
    backlogOf(2000);
    var sweepers = IntStream.range(0, 4).mapToObj(i -> sweeper(bus, lost, seed * 10 + i)).toList();

    // How often they meet is up to the machine: these bounds are far from what it shows, and as far
    // from the 6,000 leases that four lose who all ask for everything.
    for (var sweeps = 0; outbox.survey().pending() > 0; sweeps++) {
      assertThat(sweeps).as("sweeps until nothing was pending").isLessThan(20);
      sweepAtOnce(sweepers);
    }

    assertThat(bus.published()).hasSize(2000).doesNotHaveDuplicates();
    assertThat(lost.get()).as("leases that another instance had").isLessThan(1500);
  }

  /** Five thousand events, and a bus that takes a hundred a second, or four hundred at once. */
  @Test
  void backOffFromABusThatIsThrottled() throws Exception {
    var bus = new ThrottledBus(100, 400);
    backlogOf(5000);
    var sweepers =
        IntStream.range(0, 3).mapToObj(i -> sweeper(bus, new AtomicInteger(), i)).toList();
    var started = clock.instant();

    while (outbox.survey().pending() > 0) {
      for (var each : sweepers) {
        each.sweep();
        clock.advance(Duration.ofMillis(1500));
      }
      assertThat(Duration.between(started, clock.instant()))
          .as("no longer than the bus needs, and somewhat for caution")
          .isLessThan(Duration.ofSeconds(150));
    }

    assertThat(bus.taken).isEqualTo(5000);
    assertThat(bus.offered).as("offered to the bus").isLessThan(5000 * 13 / 10);
  }

  @Test
  void beginWithOneBatchAndDoubleWhileAllGoesWell() throws Exception {
    var sideBySide = new SideBySide();
    backlogOf(2000);

    sweeper(sideBySide, new AtomicInteger(), 1).sweep();

    // Of a shard's last round there may be less left.
    assertThat(sideBySide.rounds.subList(0, 4)).containsExactly(1, 2, 4, 8);
    assertThat(sideBySide.rounds).allMatch(it -> it <= 8);
  }

  @Test
  void publishNoMoreASecondThanTheyMay() throws Exception {
    backlogOf(2000);

    sweeper(new RecordingPublisher(), new AtomicInteger(), 1).sweep();

    assertThat(outbox.survey().pending()).isZero();
    assertThat(Duration.between(NOW.plus(LEASE), clock.instant()))
        .isBetween(Duration.ofMillis(3900), Duration.ofMillis(4000));
  }

  /** The bus takes less than there is, time and again: every shard gets its turn. */
  @Test
  void starveNoShard() throws Exception {
    var bus = new ThrottledBus(1, 30);
    backlogOf(800);
    var before = IntStream.range(0, Backlog.SHARDS).mapToObj(this::due).toList();
    var swept = new ArrayList<Integer>();
    var sweeper = sweeper(bus, new AtomicInteger(), 7);
    for (var i = 0; i < 16; i++) {
      sweeper.sweep();
      clock.advance(Duration.ofSeconds(30));
    }

    for (var shard = 0; shard < Backlog.SHARDS; shard++) {
      swept.add(before.get(shard) - due(shard));
    }
    assertThat(outbox.survey().pending()).as("left").isPositive();
    assertThat(swept).as("published of each shard").allMatch(it -> it > 0);
  }

  /** It is due again whenever a sweep begins, in a shard by itself or among others. */
  @ParameterizedTest
  @ValueSource(ints = {1, 40, 400})
  void publishAllThatOneEventIsInTheWayOf(int others) throws Exception {
    var stuck = anOpeningOf(DOOR);
    outbox.accept(stuck);
    var bus = new RecordingPublisher();
    bus.answerWith(event ->
        event.equals(stuck.outgoing())
            ? new PublishOutcome.Failed("InternalFailure", "of this one, always")
            : new PublishOutcome.Published("id"));
    var sweeper = sweeper(bus, new AtomicInteger(), 1);
    for (var sweep = 1; sweep <= 20; sweep++) {
      backlogOf(others);

      sweeper.sweep();

      assertThat(outbox.survey().pending()).as("after sweep %d", sweep).isEqualTo(1);
    }
    assertThat(bus.calls()).as("for the others, and each time for this one").isGreaterThan(20);
  }

  /** However much there is: two rounds show it. */
  @Test
  void endSoonOnABusThatTakesAPartOfEachCall() throws Exception {
    var bus = new GrudgingBus();
    backlogOf(2000);

    sweeper(bus, new AtomicInteger(), 1).sweep();

    assertThat(bus.calls).hasValue(2);
  }

  private int due(int shard) {
    var due = new AtomicInteger();
    outbox.due(shard, clock.instant()).forEach(it -> due.addAndGet(it.size()));
    return due.get();
  }

  private static void sweepAtOnce(List<Sweeper> sweepers) throws Exception {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var each :
          threads.invokeAll(
              sweepers.stream()
                  .<Callable<Boolean>>map(it ->
                      () -> {
                        it.sweep();
                        return true;
                      })
                  .toList())) {
        each.get();
      }
    }
  }

  private void backlogOf(int events) {
    for (var i = 0; i < events; i++) {
      outbox.accept(anOpeningOf(DOOR));
    }
    clock.advance(LEASE);
  }

  private Sweeper sweeper(EventPublisher bus, AtomicInteger lost, int seed) {
    var metrics = new OutboxMetrics(new SimpleMeterRegistry(), clock);
    var backlog = new CountedLeases(outbox, lost);
    return new Sweeper(
        backlog,
        new Relay(backlog, bus, POLICY, metrics, clock),
        POLICY,
        SWEEPS,
        metrics,
        clock,
        clock::advance,
        new Random(seed));
  }

  /** A token bucket, as AWS throttles by. */
  private final class ThrottledBus implements EventPublisher {

    private final int perSecond;
    private final int burst;
    private double tokens;
    private Instant filledAt = clock.instant();
    private int taken;
    private int offered;

    ThrottledBus(int perSecond, int burst) {
      this.perSecond = perSecond;
      this.burst = burst;
      this.tokens = burst;
    }

    @Override
    public synchronized List<PublishOutcome> publish(List<OutgoingEvent> events) {
      var now = clock.instant();
      tokens =
          Math.min(burst, tokens + Duration.between(filledAt, now).toNanos() * 1e-9 * perSecond);
      filledAt = now;
      return events.stream().map(_ -> outcome()).toList();
    }

    private PublishOutcome outcome() {
      offered++;
      if (tokens < 1) {
        return new PublishOutcome.Failed("ThrottlingException", "Rate exceeded");
      }
      tokens--;
      taken++;
      return new PublishOutcome.Published("id");
    }
  }

  /** One event of each call, and throttles the others. */
  private static final class GrudgingBus implements EventPublisher {

    private final AtomicInteger calls = new AtomicInteger();

    @Override
    public List<PublishOutcome> publish(List<OutgoingEvent> events) {
      calls.incrementAndGet();
      return IntStream.range(0, events.size())
          .<PublishOutcome>mapToObj(i ->
              i == 0
                  ? new PublishOutcome.Published("id")
                  : new PublishOutcome.Failed("ThrottlingException", "Rate exceeded"))
          .toList();
    }
  }

  /** Between two rests, how many batches went out. */
  private final class SideBySide implements EventPublisher {

    private final List<Integer> rounds = new ArrayList<>();
    private Instant last = Instant.MIN;

    @Override
    public synchronized List<PublishOutcome> publish(List<OutgoingEvent> events) {
      if (clock.instant().equals(last)) {
        rounds.set(rounds.size() - 1, rounds.getLast() + 1);
      } else {
        rounds.add(1);
        last = clock.instant();
      }
      return events.stream().<PublishOutcome>map(_ -> new PublishOutcome.Published("id")).toList();
    }
  }
}
