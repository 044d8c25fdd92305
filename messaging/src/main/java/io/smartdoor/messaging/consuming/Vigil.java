package io.smartdoor.messaging.consuming;

import io.smartdoor.messaging.idempotency.IdempotencyStore;
import java.time.Clock;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees to it that a message and its claim last as long as its handler, and that no handler lasts
 * for ever. One look at everything in hand, at short intervals, finds what is due: a quick handler
 * causes no call and needs no timer.
 *
 * <p>From a third of the lease on, the claim is renewed; from a third of the visibility timeout on,
 * the message is hidden anew; neither waits for the other. A claim that another took over, or whose
 * renewal does not get through until it ends, is lost: its handler is interrupted. Safe for use by
 * several threads.
 */
final class Vigil {

  private static final Logger log = LoggerFactory.getLogger(Vigil.class);

  /**
   * How long things last.
   *
   * @param lease of a claim
   * @param visibility of a message after it was received
   * @param longestHandling after which a handler is interrupted, and its attempt has failed
   */
  record Limits(Duration lease, Duration visibility, Duration longestHandling) {

    /** How often to {@link #look}: several times between when something is due and when it ends. */
    Duration interval() {
      var shorter = lease.compareTo(visibility) < 0 ? lease : visibility;
      return shorter.dividedBy(12);
    }
  }

  private final String subscriber;
  private final IdempotencyStore store;
  private final Clock clock;
  private final Limits limits;
  private final Executor executor;
  private final Set<InHand> inHand = ConcurrentHashMap.newKeySet();
  private volatile boolean stopping;

  /** A vigil over nothing yet. {@code executor} runs the calls that become due. */
  Vigil(String subscriber, IdempotencyStore store, Clock clock, Limits limits, Executor executor) {
    this.subscriber = subscriber;
    this.store = store;
    this.clock = clock;
    this.limits = limits;
    this.executor = executor;
  }

  /** Watches over {@code delivery}, just received, until it is closed. */
  InHand over(Delivery delivery) {
    var hand = new InHand(this, delivery);
    inHand.add(hand);
    if (stopping) {
      hand.interrupt(InHand.Interruption.STOPPING);
    }
    return hand;
  }

  /** Does what is due. */
  void look() {
    var now = clock.instant();
    for (var hand : inHand) {
      try {
        hand.look(now, executor);
      } catch (RuntimeException | Error e) {
        // The timer forgets whoever throws: there would be no next look.
        log.error("{}: a message could not be looked at", subscriber, e);
      }
    }
  }

  /** Interrupts every handler: what they leave goes back to the queue at once, as it was. */
  void interruptAll() {
    stopping = true;
    inHand.forEach(hand -> hand.interrupt(InHand.Interruption.STOPPING));
  }

  /** Takes from handlers that heed no interrupt what they hold, and gives it back. */
  void handBack() {
    inHand.forEach(hand -> executor.execute(hand::handBack));
  }

  boolean isOverNothing() {
    return inHand.isEmpty();
  }

  void forget(InHand hand) {
    inHand.remove(hand);
  }

  String subscriber() {
    return subscriber;
  }

  IdempotencyStore store() {
    return store;
  }

  Clock clock() {
    return clock;
  }

  Limits limits() {
    return limits;
  }
}
