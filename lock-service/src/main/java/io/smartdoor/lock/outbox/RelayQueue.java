package io.smartdoor.lock.outbox;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes what this instance accepts as soon as it is accepted, without anybody waiting for it.
 *
 * <p>Holds a limited number of events. One that finds no room, or that is still here when the
 * instance stops, is left to the {@link Sweeper}.
 */
final class RelayQueue {

  private static final Logger log = LoggerFactory.getLogger(RelayQueue.class);

  /** How soon a waiting thread notices that it is to stop. */
  private static final Duration GLANCE = Duration.ofMillis(200);

  private final Relay relay;
  private final int threads;
  private final BlockingQueue<PendingEvent> waiting;
  private volatile List<Thread> running = List.of();
  private volatile AtomicBoolean stopping = new AtomicBoolean();

  RelayQueue(Relay relay, int capacity, int threads) {
    this.relay = relay;
    this.threads = threads;
    this.waiting = new ArrayBlockingQueue<>(capacity);
  }

  /** Takes {@code event} along soon, if there is room. Never waits. */
  void signal(PendingEvent event) {
    if (stopping.get() || !waiting.offer(event)) {
      log.debug("{} is left to the sweeper", event.key());
    }
  }

  synchronized void start() {
    var stop = new AtomicBoolean();
    stopping = stop;
    running =
        IntStream.range(0, threads)
            .mapToObj(i -> Thread.ofVirtual().name("outbox-relay-" + i).start(() -> work(stop)))
            .toList();
  }

  /** Publishes what is in hand and what waits, for as long as {@code patience} lasts. */
  synchronized void stop(Duration patience) throws InterruptedException {
    stopping.set(true);
    var until = System.nanoTime() + patience.toNanos();
    for (var thread : running) {
      var left = Duration.ofNanos(Math.max(0, until - System.nanoTime()));
      if (!thread.join(left)) {
        log.info("stops before everything is published: the sweeper goes on");
      }
    }
    running = List.of();
  }

  /**
   * @param stop set by the {@link #stop} that belongs to the {@link #start} of this thread
   */
  private void work(AtomicBoolean stop) {
    try {
      while (!(stop.get() && waiting.isEmpty())) {
        var first = waiting.poll(GLANCE.toMillis(), TimeUnit.MILLISECONDS);
        if (first != null) {
          relay(first);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void relay(PendingEvent first) {
    var batch = new ArrayList<>(List.of(first));
    waiting.drainTo(batch, Relay.BATCH - 1);
    try {
      relay.relay(batch);
    } catch (Throwable e) {
      // An Error too: what comes next deserves its own attempt, and nobody else would make one.
      log.error("{} events stay pending", batch.size(), e);
    }
  }
}
