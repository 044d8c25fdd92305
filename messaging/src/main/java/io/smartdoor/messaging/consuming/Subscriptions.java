package io.smartdoor.messaging.consuming;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import io.micrometer.core.instrument.MeterRegistry;
import io.smartdoor.messaging.Backoff;
import io.smartdoor.messaging.MessagingProperties;
import io.smartdoor.messaging.idempotency.IdempotencyStore;
import io.smartdoor.messaging.tracing.Traces;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.SmartLifecycle;
import software.amazon.awssdk.services.sqs.SqsClient;

/**
 * Works on the queues of all subscriptions, from the application's start to its end. Starts after
 * everything that a handler needs, and stops before it, as the phase of a lifecycle says that sets
 * none.
 *
 * <p>Stopping blocks: no limit on a shutdown phase applies to it but the drain timeout and a few
 * seconds for what does not heed it.
 */
final class Subscriptions implements SmartLifecycle {

  private static final Logger log = LoggerFactory.getLogger(Subscriptions.class);

  /** For handlers to answer an interrupt, and then for giving back what is in hand. */
  private static final Duration GRACE = Duration.ofMillis(1500);

  /** The most that is waited after polls, or probes of the store, that failed. */
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

  private static final Duration FIRST_PAUSE = Duration.ofMillis(500);

  private static final Executor THREADS = task -> Thread.ofVirtual().start(task);

  private record Subscribed(Poller poller, Vigil vigil, Duration interval) {}

  private final ObjectProvider<Subscription<?>> subscriptions;
  private final ObjectProvider<IdempotencyStore> stores;
  private final SqsClient sqs;
  private final MessagingProperties properties;
  private final Clock clock;
  private final MeterRegistry meters;
  private final Traces traces;
  private final Backoff pauses = new Backoff(FIRST_PAUSE, LONGEST_PAUSE, Subscriptions::chance);
  private volatile BooleanSupplier reachable = () -> true;
  private List<Subscribed> subscribed = List.of();
  private volatile ScheduledExecutorService timer = timer();
  private volatile boolean running;

  Subscriptions(
      ObjectProvider<Subscription<?>> subscriptions,
      ObjectProvider<IdempotencyStore> stores,
      SqsClient sqs,
      MessagingProperties properties,
      Clock clock,
      MeterRegistry meters,
      Traces traces) {
    this.subscriptions = subscriptions;
    this.stores = stores;
    this.sqs = sqs;
    this.properties = properties;
    this.clock = clock;
    this.meters = meters;
    this.traces = traces;
    meters.gauge("smartdoor.events.paused", this, it -> it.reachable.getAsBoolean() ? 0 : 1);
  }

  private <E> Subscribed subscribe(Subscription<E> subscription, WatchedStore store) {
    var queue = SqsQueue.of(sqs, subscription, properties);
    var limits =
        new Vigil.Limits(properties.lease(), queue.visibility(), properties.longestHandling());
    var vigil = new Vigil(subscription.name(), store, clock, limits, THREADS);
    var consumer =
        new QueueConsumer<>(
            subscription,
            store,
            clock,
            new Backoff(
                properties.retryDelay(), properties.longestRetryDelay(), Subscriptions::chance),
            properties.maxAttempts(),
            new ConsumerMetrics(meters, subscription.name()),
            vigil,
            traces);
    var poller =
        new Poller(
            subscription.name(),
            queue,
            store::awaitReachable,
            consumer::receive,
            properties.inFlight(),
            properties.pollTimeout(),
            pauses);
    return new Subscribed(poller, vigil, limits.interval());
  }

  private static ScheduledExecutorService timer() {
    var timer =
        new ScheduledThreadPoolExecutor(1, Thread.ofPlatform().daemon().name("vigil").factory());
    timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    return timer;
  }

  private static double chance() {
    return ThreadLocalRandom.current().nextDouble();
  }

  private void later(Duration delay, Runnable task) {
    if (!timer.isShutdown()) {
      var _ = timer.schedule(() -> THREADS.execute(task), delay.toNanos(), NANOSECONDS);
    }
  }

  /**
   * Looks up the queues and begins to poll them. May follow {@link #stop}.
   *
   * @throws IllegalStateException where a queue does not exist, or there is no store
   */
  @Override
  public void start() {
    var store = stores.getIfAvailable();
    if (store == null) {
      throw new IllegalStateException("a subscription needs smartdoor.messaging.handled-table");
    }
    timer = timer();
    var watched = new WatchedStore(store, pauses, this::later);
    subscribed = subscriptions.orderedStream().map(each -> subscribe(each, watched)).toList();
    reachable = watched::isReachable;
    running = true;
    for (var each : subscribed) {
      var interval = each.interval.toNanos();
      var _ = timer.scheduleWithFixedDelay(each.vigil::look, interval, interval, NANOSECONDS);
      each.poller.start();
    }
  }

  @Override
  public void stop() {
    subscribed.forEach(each -> each.poller.stop());
    try {
      if (!areDrainedWithin(properties.drainTimeout())) {
        log.warn(
            "stopping: what is not handled within {} goes back to its queue",
            properties.drainTimeout());
        subscribed.forEach(each -> each.vigil.interruptAll());
        if (!areDrainedWithin(GRACE)) {
          subscribed.forEach(each -> each.vigil.handBack());
          var _ = areDrainedWithin(GRACE);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      timer.shutdown();
      running = false;
    }
  }

  private boolean areDrainedWithin(Duration limit) throws InterruptedException {
    var end = System.nanoTime() + limit.toNanos();
    var drained = true;
    for (var each : subscribed) {
      var left = Math.max(0, end - System.nanoTime());
      drained &= each.poller.isDrainedWithin(Duration.ofNanos(left));
    }
    return drained;
  }

  @Override
  public boolean isRunning() {
    return running;
  }
}
