package io.smartdoor.lock.outbox;

import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
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
  private final Clock clock;
  private volatile boolean stopping;

  Sweeper(Backlog backlog, Relay relay, RelayPolicy policy, OutboxMetrics metrics, Clock clock) {
    this.backlog = backlog;
    this.relay = relay;
    this.policy = policy;
    this.metrics = metrics;
    this.clock = clock;
  }

  /** Goes through all shards once, side by side, and counts what is left. */
  void sweep() throws InterruptedException {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var shards =
          IntStream.range(0, Backlog.SHARDS)
              .<Callable<Void>>mapToObj(shard ->
                  () -> {
                    sweep(shard);
                    return null;
                  })
              .toList();
      threads.invokeAll(shards).forEach(Sweeper::report);
    }
    metrics.show(backlog.survey());
  }

  /** Ends a sweep that is under way after the batch in hand. */
  void stop() {
    stopping = true;
  }

  private void sweep(int shard) {
    List<PendingEvent> held;
    do {
      var now = clock.instant();
      held =
          backlog.due(shard, now, Relay.BATCH).stream()
              .map(it -> backlog.lease(it, now, now.plus(policy.lease())))
              .flatMap(Optional::stream)
              .toList();
      // An index that lags shows what was just published: nothing of that can be held, and it ends.
    } while (!held.isEmpty() && relay.relay(held) && !stopping);
  }

  private static void report(Future<Void> shard) {
    try {
      shard.get();
    } catch (ExecutionException e) {
      log.warn("a shard of the outbox was not swept: {}", String.valueOf(e.getCause()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
