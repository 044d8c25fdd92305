package io.smartdoor.lock.outbox;

import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Shows again and again for how long the oldest event waits, and how many do. An alarm hangs on the
 * first, and is needed most when all else is slow: so neither a sweep that a silent bus holds up
 * nor the count of a large backlog delays it, and what becomes of the count is nothing to it.
 */
final class Surveyor {

  /** How many looks may be under way at once: both. */
  static final int THREADS = 2;

  private static final Logger log = LoggerFactory.getLogger(Surveyor.class);

  private final Backlog backlog;
  private final OutboxMetrics metrics;
  private final Duration period;
  private final Supplier<ScheduledExecutorService> schedulers;
  private @Nullable ScheduledExecutorService scheduler;

  /**
   * @param period from the end of one look to the start of the next
   * @param schedulers a new one, of {@value #THREADS} threads, for each {@link #start}; {@link
   *     #stop} ends it
   */
  Surveyor(
      Backlog backlog,
      OutboxMetrics metrics,
      Duration period,
      Supplier<ScheduledExecutorService> schedulers) {
    this.backlog = backlog;
    this.metrics = metrics;
    this.period = period;
    this.schedulers = schedulers;
  }

  /** Looks at once for the first time. */
  synchronized void start() {
    var started = schedulers.get();
    scheduler = started;
    repeat(started, () -> metrics.showOldest(backlog.oldest()));
    repeat(started, () -> metrics.show(backlog.survey()));
  }

  /** Ends a look that is under way, too: it changes nothing. */
  synchronized void stop() {
    if (scheduler != null) {
      scheduler.shutdownNow();
    }
  }

  private void repeat(ScheduledExecutorService current, Runnable look) {
    var _ =
        current.scheduleWithFixedDelay(
            () -> survive(current, look), 0, period.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Whatever happens to a look, there is a next one. */
  private static void survive(ScheduledExecutorService current, Runnable look) {
    try {
      look.run();
    } catch (RuntimeException e) {
      if (!current.isShutdown()) {
        log.warn("what waits in the outbox is not known: {}", e.toString());
      }
    } catch (Throwable e) {
      log.error("what waits in the outbox is not known", e);
    }
  }
}
