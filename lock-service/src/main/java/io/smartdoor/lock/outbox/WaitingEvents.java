package io.smartdoor.lock.outbox;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;

/**
 * Events on their way to the bus, and the batches that they go in. Where nobody is at it, whoever
 * comes takes what there is, however little. Where somebody is, the next takes a whole batch, or
 * what there is when a while has passed: whoever is at it may hang. So nothing lingers while little
 * happens, and under load every call is a full one.
 *
 * <p>Holds a limited number. Safe for use by several threads.
 */
final class WaitingEvents {

  private final Queue<PendingEvent> events = new ArrayDeque<>();
  private final int capacity;
  private final Duration company;
  private int takers;
  private boolean closed;

  /**
   * @param company how long what is no whole batch waits for more while somebody else is at it
   */
  WaitingEvents(int capacity, Duration company) {
    this.capacity = capacity;
    this.company = company;
  }

  /** Nothing ever waits in it. */
  static WaitingEvents closed() {
    var closed = new WaitingEvents(0, Duration.ZERO);
    closed.close();
    return closed;
  }

  /** Takes {@code event} in; false where there is no room, or never will be. Does not wait. */
  synchronized boolean offer(PendingEvent event) {
    if (closed || events.size() >= capacity) {
      return false;
    }
    events.add(event);
    notify();
    return true;
  }

  /**
   * A batch, as soon as there is one to take; afterwards call {@link #done}. Empty when nothing is
   * left and nothing more will come.
   */
  synchronized List<PendingEvent> take() throws InterruptedException {
    while (!isBatch() && !(closed && events.isEmpty()) && !hasWaitedForCompany()) {
      // Until there is something, or more of it.
    }
    var batch = new ArrayList<PendingEvent>();
    while (batch.size() < Relay.BATCH && !events.isEmpty()) {
      batch.add(events.remove());
    }
    takers++;
    wakeOne();
    return batch;
  }

  /** Waits; whether that was for the company of what is there, and long enough. */
  private boolean hasWaitedForCompany() throws InterruptedException {
    while (events.isEmpty() && !closed) {
      wait();
    }
    var end = System.nanoTime() + company.toNanos();
    while (!events.isEmpty() && !isBatch()) {
      var left = Duration.ofNanos(end - System.nanoTime()).toMillis();
      if (left <= 0) {
        return true;
      }
      wait(left);
    }
    return false;
  }

  /** What was taken is out. */
  synchronized void done() {
    takers--;
    wakeOne();
  }

  /** Nothing more comes in. What is there goes out. */
  synchronized void close() {
    closed = true;
    notifyAll();
  }

  private void wakeOne() {
    if (isBatch()) {
      notify();
    }
  }

  private boolean isBatch() {
    return events.size() >= Relay.BATCH || (!events.isEmpty() && (takers == 0 || closed));
  }
}
