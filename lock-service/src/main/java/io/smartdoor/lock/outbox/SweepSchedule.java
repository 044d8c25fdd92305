package io.smartdoor.lock.outbox;

import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sweeps again and again, at moments that drift apart between instances. */
final class SweepSchedule {

  private static final Logger log = LoggerFactory.getLogger(SweepSchedule.class);

  private final Sweeper sweeper;
  private final Duration period;
  private final ScheduledExecutorService scheduler;
  private final RandomGenerator random;
  private @Nullable ScheduledFuture<?> next;
  private boolean stopping;

  /**
   * @param period from the end of one sweep to the start of the next; up to half as long again
   * @param scheduler of this schedule alone: {@link #stop} ends it
   */
  SweepSchedule(
      Sweeper sweeper,
      Duration period,
      ScheduledExecutorService scheduler,
      RandomGenerator random) {
    this.sweeper = sweeper;
    this.period = period;
    this.scheduler = scheduler;
    this.random = random;
  }

  /** The first sweep comes at once: what the last instance left waits for it. */
  void start() {
    schedule(Duration.ZERO);
  }

  /** Begins nothing more. A sweep that is under way ends with the batch in hand. */
  synchronized void stop() {
    stopping = true;
    sweeper.stop();
    if (next != null) {
      next.cancel(false);
    }
    scheduler.shutdown();
  }

  /** After {@link #stop}: waits for that batch, for as long as {@code patience} lasts. */
  void awaitStop(Duration patience) throws InterruptedException {
    if (!scheduler.awaitTermination(patience.toMillis(), TimeUnit.MILLISECONDS)) {
      log.info("stops in the middle of a sweep: the next instance goes on");
    }
  }

  private synchronized void schedule(Duration delay) {
    if (!stopping) {
      next = scheduler.schedule(this::sweep, delay.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  private void sweep() {
    try {
      sweeper.sweep();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return;
    } catch (RuntimeException e) {
      log.warn("a sweep of the outbox failed: {}", e.toString());
    }
    schedule(period.plusMillis(random.nextLong(period.toMillis() / 2 + 1)));
  }
}
