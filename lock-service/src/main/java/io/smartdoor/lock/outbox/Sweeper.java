package io.smartdoor.lock.outbox;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Gatherers;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the pending events that nobody is publishing, because an instance crashed or the bus was
 * out of reach, and publishes them. Runs on every instance: leases keep them out of each other's
 * way.
 */
final class Sweeper {

  private static final Logger log = LoggerFactory.getLogger(Sweeper.class);

  private final Backlog backlog;
  private final Relay relay;
  private final RelayPolicy policy;
  private final OutboxMetrics metrics;
  private final Duration surveyPeriod;
  private final Clock clock;
  private Instant nextSurvey = Instant.MIN;
  private volatile boolean stopping;

  /**
   * @param surveyPeriod at least so long from one count of the whole backlog to the next
   */
  Sweeper(
      Backlog backlog,
      Relay relay,
      RelayPolicy policy,
      OutboxMetrics metrics,
      Duration surveyPeriod,
      Clock clock) {
    this.backlog = backlog;
    this.relay = relay;
    this.policy = policy;
    this.metrics = metrics;
    this.surveyPeriod = surveyPeriod;
    this.clock = clock;
  }

  /**
   * Goes through all shards once, side by side, and counts what is left if that is due. Not for use
   * by several threads.
   */
  void sweep() throws InterruptedException {
    if (sweepShards()) {
      metrics.swept();
    }
    var now = clock.instant();
    if (!now.isBefore(nextSurvey)) {
      metrics.show(backlog.survey());
      nextSurvey = now.plus(surveyPeriod);
    }
  }

  private boolean sweepShards() throws InterruptedException {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var shards =
          IntStream.range(0, Backlog.SHARDS)
              .<Callable<Void>>mapToObj(shard ->
                  () -> {
                    sweep(shard);
                    return null;
                  })
              .toList();
      return threads.invokeAll(shards).stream().filter(it -> !isSwept(it)).count() == 0;
    }
  }

  /** After {@link #stop}: sweeps go all the way again. */
  void start() {
    stopping = false;
  }

  /** Ends a sweep that is under way after the batch in hand. */
  void stop() {
    stopping = true;
  }

  private void sweep(int shard) {
    for (var page : backlog.due(shard, clock.instant())) {
      var batches = page.stream().gather(Gatherers.windowFixed(Relay.BATCH)).iterator();
      while (batches.hasNext()) {
        if (!relay.relay(leased(batches.next())) || stopping) {
          return;
        }
      }
    }
  }

  /** An index that lags shows what was just published: nothing of that can be held. */
  private List<PendingEvent> leased(List<PendingEvent> events) {
    var now = clock.instant();
    return events.stream()
        .map(it -> backlog.lease(it, now, now.plus(policy.lease())))
        .flatMap(Optional::stream)
        .toList();
  }

  private static boolean isSwept(Future<Void> shard) {
    if (shard.state() == Future.State.SUCCESS) {
      return true;
    }
    log.warn("a shard of the outbox was not swept: {}", String.valueOf(shard.exceptionNow()));
    return false;
  }
}
