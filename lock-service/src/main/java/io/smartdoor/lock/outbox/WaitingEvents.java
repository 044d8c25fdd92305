package io.smartdoor.lock.outbox;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;

/**
 * Events on their way to the bus, and the batches that they go in. Where nobody is at it, whoever
 * comes takes what there is, however little. Where somebody is, the next takes a whole batch or
 * waits for one. So nothing lingers while little happens, and under load every call is a full one.
 *
 * <p>Holds a limited number. Safe for use by several threads.
 */
final class WaitingEvents {

  private final Queue<PendingEvent> events = new ArrayDeque<>();
  private final int capacity;
  private int takers;
  private boolean closed;

  WaitingEvents(int capacity) {
    this.capacity = capacity;
  }

  /** Nothing ever waits in it. */
  static WaitingEvents closed() {
    var closed = new WaitingEvents(0);
    closed.close();
    return closed;
  }

  /** Takes {@code event} in; false where there is no room, or never will be. Does not wait. */
  synchronized boolean offer(PendingEvent event) {
    if (closed || events.size() >= capacity) {
      return false;
    }
    events.add(event);
    wakeOne();
    return true;
  }

  /**
   * A batch, as soon as there is one to take; afterwards call {@link #done}. Empty when nothing is
   * left and nothing more will come.
   */
  synchronized List<PendingEvent> take() throws InterruptedException {
    while (!isBatch() && !(closed && events.isEmpty())) {
      wait();
    }
    var batch = new ArrayList<PendingEvent>();
    while (batch.size() < Relay.BATCH && !events.isEmpty()) {
      batch.add(events.remove());
    }
    takers++;
    wakeOne();
    return batch;
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
