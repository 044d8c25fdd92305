package io.smartdoor.lock.outbox;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.random.RandomGenerator;
import java.util.stream.Gatherers;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the pending events that nobody is publishing, because an instance crashed or the bus was
 * out of reach, and publishes them. Runs on every instance at once.
 *
 * <p>Leases keep instances from publishing the same event; what keeps them from fighting over
 * leases is that each goes through the shards in an order of its own, and leaves a shard in which
 * it finds another ahead of it. All go through a shard oldest first, so of two that meet there one
 * goes on.
 */
final class Sweeper {

  private static final Logger log = LoggerFactory.getLogger(Sweeper.class);

  private final Backlog backlog;
  private final Relay relay;
  private final RelayPolicy policy;
  private final SweepPace pace;
  private final OutboxMetrics metrics;
  private final Clock clock;
  private final RandomGenerator random;
  private volatile boolean stopping;

  Sweeper(
      Backlog backlog,
      Relay relay,
      RelayPolicy policy,
      SweepPolicy sweeps,
      OutboxMetrics metrics,
      Clock clock,
      SweepPace.Pause pause,
      RandomGenerator random) {
    this.backlog = backlog;
    this.relay = relay;
    this.policy = policy;
    this.pace = new SweepPace(sweeps, clock, pause);
    this.metrics = metrics;
    this.clock = clock;
    this.random = random;
  }

  /** Goes through all shards once, unless the bus pushes back. Not for use by several threads. */
  void sweep() throws InterruptedException {
    if (sweepShards()) {
      metrics.swept();
    }
  }

  private boolean sweepShards() throws InterruptedException {
    var shards = new ArrayList<>(IntStream.range(0, Backlog.SHARDS).boxed().toList());
    Collections.shuffle(shards, random);
    pace.begin();
    var areSwept = true;
    for (var shard : shards) {
      areSwept &= isSwept(shard);
      if (pace.isOver() || stopping) {
        return false;
      }
    }
    pace.end();
    return areSwept;
  }

  /** After {@link #stop}: sweeps go all the way again. */
  void start() {
    stopping = false;
  }

  /** Ends a sweep that is under way after the batches in hand. */
  void stop() {
    stopping = true;
  }

  /** What fails in one shard is no reason not to look at the next. */
  private boolean isSwept(int shard) throws InterruptedException {
    try {
      sweep(batches(shard));
      return true;
    } catch (ExecutionException e) {
      log.warn("a shard of the outbox was not swept: {}", String.valueOf(e.getCause()));
    } catch (RuntimeException e) {
      log.warn("a shard of the outbox was not swept: {}", e.toString());
    }
    return false;
  }

  /** Page by page: one is read when the one before is used up. */
  private Iterator<List<PendingEvent>> batches(int shard) {
    return StreamSupport.stream(backlog.due(shard, clock.instant()).spliterator(), false)
        .flatMap(List::stream)
        .gather(Gatherers.windowFixed(Relay.BATCH))
        .iterator();
  }

  private void sweep(Iterator<List<PendingEvent>> batches)
      throws InterruptedException, ExecutionException {
    while (batches.hasNext() && !stopping) {
      var round = new ArrayList<List<PendingEvent>>();
      while (round.size() < pace.width() && batches.hasNext()) {
        round.add(batches.next());
      }
      var relayed = relayed(round);
      pace.learn(relayed.stream().map(Relayed::reception).flatMap(Optional::stream).toList());
      for (var each : relayed) {
        each.complain();
      }
      if (pace.isOver() || relayed.getLast().reception().isEmpty()) {
        return;
      }
      pace.rest(round.stream().mapToInt(List::size).sum());
    }
  }

  /**
   * What became of a batch.
   *
   * @param reception empty for one that another instance has begun
   * @param failure why some of it could not be leased
   */
  private record Relayed(Optional<Reception> reception, Optional<RuntimeException> failure) {

    void complain() {
      failure.ifPresent(it -> {
        throw it;
      });
    }
  }

  /** Side by side. */
  private List<Relayed> relayed(List<List<PendingEvent>> round)
      throws InterruptedException, ExecutionException {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var running = round.stream().map(it -> threads.submit(() -> relayedOf(it))).toList();
      var relayed = new ArrayList<Relayed>();
      for (var each : running) {
        relayed.add(each.get());
      }
      return relayed;
    }
  }

  /**
   * The first one's lease tells whether to ask for the others'. An index that lags shows what was
   * just published: nothing of that can be held. What was leased is published, whatever becomes of
   * the others: nobody else may until the lease ends.
   */
  private Relayed relayedOf(List<PendingEvent> batch) {
    var now = clock.instant();
    var first = lease(batch.getFirst(), now);
    if (first.isEmpty()) {
      return new Relayed(Optional.empty(), Optional.empty());
    }
    var failures = new ConcurrentLinkedQueue<RuntimeException>();
    var others =
        batch.stream()
            .skip(1)
            .gather(Gatherers.mapConcurrent(Relay.BATCH, it -> leased(it, now, failures)));
    var leased = Stream.concat(Stream.of(first), others).flatMap(Optional::stream).toList();
    return new Relayed(Optional.of(relay.relay(leased)), Optional.ofNullable(failures.peek()));
  }

  /** One that fails is no reason to lose the others. */
  private Optional<PendingEvent> leased(
      PendingEvent event, Instant now, Queue<RuntimeException> failures) {
    try {
      return lease(event, now);
    } catch (RuntimeException e) {
      failures.add(e);
      return Optional.empty();
    }
  }

  private Optional<PendingEvent> lease(PendingEvent event, Instant now) {
    return backlog.lease(event, now, now.plus(policy.lease()));
  }
}
