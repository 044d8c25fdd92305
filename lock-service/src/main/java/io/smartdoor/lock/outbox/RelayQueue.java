package io.smartdoor.lock.outbox;

import java.time.Duration;
import java.util.List;
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

  private final Relay relay;
  private final int capacity;
  private final int threads;
  private volatile WaitingEvents waiting = WaitingEvents.closed();
  private volatile List<Thread> running = List.of();

  /** A hundred events a second fill a batch within it. */
  private static final Duration COMPANY = Duration.ofMillis(100);

  RelayQueue(Relay relay, int capacity, int threads) {
    this.relay = relay;
    this.capacity = capacity;
    this.threads = threads;
  }

  /** Takes {@code event} along soon, if there is room. Never waits. */
  void signal(PendingEvent event) {
    if (!waiting.offer(event)) {
      log.debug("{} is left to the sweeper", event.key());
    }
  }

  /** What a thread of an earlier start still holds is its own business. */
  synchronized void start() {
    var events = new WaitingEvents(capacity, COMPANY);
    waiting = events;
    running =
        IntStream.range(0, threads)
            .mapToObj(i -> Thread.ofVirtual().name("outbox-relay-" + i).start(() -> work(events)))
            .toList();
  }

  /** Publishes what is in hand and what waits, for as long as {@code patience} lasts. */
  synchronized void stop(Duration patience) throws InterruptedException {
    waiting.close();
    var until = System.nanoTime() + patience.toNanos();
    for (var thread : running) {
      var left = Duration.ofNanos(Math.max(0, until - System.nanoTime()));
      if (!thread.join(left)) {
        log.info("stops before everything is published: the sweeper goes on");
      }
    }
    running = List.of();
  }

  private void work(WaitingEvents events) {
    try {
      for (var batch = events.take(); !batch.isEmpty(); batch = events.take()) {
        try {
          relay(batch);
        } finally {
          events.done();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void relay(List<PendingEvent> batch) {
    try {
      relay.relay(batch);
    } catch (Throwable e) {
      // An Error too: what comes next deserves its own attempt, and nobody else would make one.
      log.error("{} events stay pending", batch.size(), e);
    }
  }
}
