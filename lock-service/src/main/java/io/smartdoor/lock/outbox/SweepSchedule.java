package io.smartdoor.lock.outbox;

import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sweeps again and again, at moments that drift apart between instances. */
final class SweepSchedule {

  private static final Logger log = LoggerFactory.getLogger(SweepSchedule.class);

  private final Sweeper sweeper;
  private final Duration period;
  private final Supplier<ScheduledExecutorService> schedulers;
  private final RandomGenerator random;
  private @Nullable ScheduledExecutorService scheduler;
  private @Nullable ScheduledFuture<?> next;

  /**
   * @param period from the end of one sweep to the start of the next; up to half as long again
   * @param schedulers a new one for each {@link #start}; {@link #stop} ends it
   */
  SweepSchedule(
      Sweeper sweeper,
      Duration period,
      Supplier<ScheduledExecutorService> schedulers,
      RandomGenerator random) {
    this.sweeper = sweeper;
    this.period = period;
    this.schedulers = schedulers;
    this.random = random;
  }

  /** The first sweep comes at once: what the last instance left waits for it. */
  synchronized void start() {
    sweeper.start();
    var started = schedulers.get();
    scheduler = started;
    schedule(started, Duration.ZERO);
  }

  /** Begins nothing more. A sweep that is under way ends with the batch in hand. */
  synchronized void stop() {
    sweeper.stop();
    if (next != null) {
      next.cancel(false);
    }
    if (scheduler != null) {
      scheduler.shutdown();
    }
  }

  /** After {@link #stop}: waits for that batch, for as long as {@code patience} lasts. */
  void awaitStop(Duration patience) throws InterruptedException {
    var stopped = scheduler();
    if (stopped != null && !stopped.awaitTermination(patience.toMillis(), TimeUnit.MILLISECONDS)) {
      log.info("stops in the middle of a sweep: the next instance goes on");
    }
  }

  private synchronized @Nullable ScheduledExecutorService scheduler() {
    return scheduler;
  }

  /** A sweep that outlived its {@link #stop} begins no other, also where there was a new start. */
  private synchronized void schedule(ScheduledExecutorService current, Duration delay) {
    if (!current.isShutdown()) {
      next = current.schedule(() -> sweep(current), delay.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  /** Whatever happens to a sweep, there is a next one. */
  private void sweep(ScheduledExecutorService current) {
    try {
      sweeper.sweep();
    } catch (InterruptedException e) {
      log.warn("a sweep of the outbox was interrupted");
    } catch (RuntimeException e) {
      log.warn("a sweep of the outbox failed: {}", e.toString());
    } catch (Throwable e) {
      log.error("a sweep of the outbox failed", e);
    } finally {
      schedule(current, period.plusMillis(random.nextLong(period.toMillis() / 2 + 1)));
    }
  }
}
