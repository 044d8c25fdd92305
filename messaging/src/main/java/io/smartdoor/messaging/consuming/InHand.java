package io.smartdoor.messaging.consuming;

import io.smartdoor.messaging.idempotency.Claim.Granted;
import io.smartdoor.messaging.idempotency.EventKey;
import io.smartdoor.messaging.idempotency.Release;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One message from its receipt until it was seen through, under a {@link Vigil}. */
final class InHand implements Delivery, AutoCloseable {

  /** Why a handler was interrupted. */
  enum Interruption {
    /** The claim is another's, or nobody's. */
    LEASE_LOST,
    /** It took longer than a handler may. */
    TOO_LONG,
    /** The application stops. */
    STOPPING
  }

  private static final Logger log = LoggerFactory.getLogger(InHand.class);

  private final Vigil vigil;
  private final Delivery delivery;
  private final AtomicBoolean beingHidden = new AtomicBoolean();
  private final AtomicBoolean beingRenewed = new AtomicBoolean();

  /** Held over every call that hides the message, so that none undoes the last. */
  private final ReentrantLock hiding = new ReentrantLock();

  private Instant visibleAt;
  private boolean settled;
  private @Nullable Handling handling;
  private @Nullable Interruption interruption;

  InHand(Vigil vigil, Delivery delivery) {
    this.vigil = vigil;
    this.delivery = delivery;
    this.visibleAt = vigil.clock().instant().plus(vigil.limits().visibility());
  }

  /** A handler at work; {@code until} moves on with each renewal. */
  private static final class Handling {

    final EventKey key;
    final Granted grant;
    final Thread thread;
    final Instant started;
    Instant until;
    boolean over;

    Handling(EventKey key, Granted grant, Thread thread, Instant started) {
      this.key = key;
      this.grant = grant;
      this.thread = thread;
      this.started = started;
      this.until = grant.until();
    }
  }

  /**
   * This thread begins to handle the event under {@code grant}.
   *
   * @return false where it must not, since the application stops
   */
  synchronized boolean begin(EventKey key, Granted grant) {
    if (interruption != null) {
      return false;
    }
    handling = new Handling(key, grant, Thread.currentThread(), vigil.clock().instant());
    return true;
  }

  /** This thread no longer handles the event: from now on nothing interrupts it. */
  synchronized Optional<Interruption> end() {
    if (handling != null && !handling.over) {
      handling.over = true;
      if (interruption != null) {
        // Ours, and answered. What follows has calls to make.
        var _ = Thread.interrupted();
      }
    }
    return Optional.ofNullable(interruption);
  }

  synchronized void interrupt(Interruption why) {
    if (interruption != null) {
      return;
    }
    if (handling == null) {
      // Only stopping comes before a handler, and then none begins.
      interruption = why;
    } else if (!handling.over) {
      interruption = why;
      log.warn("{}: {} is interrupted: {}", vigil.subscriber(), handling.key, why);
      handling.thread.interrupt();
    }
  }

  void look(Instant now, Executor executor) {
    if (isTooLong(now)) {
      interrupt(Interruption.TOO_LONG);
    }
    if (renewalIsDue(now) && !isBegun(beingRenewed, this::renew, executor) && hasEnded(now)) {
      // The renewal hangs. Whether it gets through is not known, and another may have taken over.
      interrupt(Interruption.LEASE_LOST);
    }
    if (hidingIsDue(now)) {
      var _ = isBegun(beingHidden, this::hideAnew, executor);
    }
  }

  /** False where the last such call is still under way. */
  private static boolean isBegun(AtomicBoolean underWay, Runnable call, Executor executor) {
    if (!underWay.compareAndSet(false, true)) {
      return false;
    }
    try {
      executor.execute(() -> {
        try {
          call.run();
        } finally {
          underWay.set(false);
        }
      });
      return true;
    } catch (RuntimeException | Error e) {
      underWay.set(false);
      throw e;
    }
  }

  private synchronized boolean isTooLong(Instant now) {
    return handling != null
        && !handling.over
        && !now.isBefore(handling.started.plus(vigil.limits().longestHandling()));
  }

  private synchronized boolean renewalIsDue(Instant now) {
    return handling != null
        && !handling.over
        && isKept()
        && isDue(now, handling.until, vigil.limits().lease());
  }

  private synchronized boolean hasEnded(Instant now) {
    return handling != null && !now.isBefore(handling.until);
  }

  private synchronized boolean hidingIsDue(Instant now) {
    return !settled && isKept() && isDue(now, visibleAt, vigil.limits().visibility());
  }

  /** A handler that does not heed its interrupt holds its event no longer than the lease. */
  private boolean isKept() {
    return interruption == null || interruption == Interruption.STOPPING;
  }

  private static boolean isDue(Instant now, Instant end, Duration whole) {
    return !now.isBefore(end.minus(whole.dividedBy(3).multipliedBy(2)));
  }

  private void renew() {
    var renewed = handling();
    if (renewed == null) {
      return;
    }
    try {
      var until = vigil.store().renew(renewed.key, renewed.grant.token());
      if (until.isEmpty()) {
        interrupt(Interruption.LEASE_LOST);
      } else {
        holdUntil(renewed, until.get());
      }
    } catch (RuntimeException e) {
      log.warn("{}: {} could not be renewed: {}", vigil.subscriber(), renewed.key, e.toString());
      if (!vigil.clock().instant().isBefore(until(renewed))) {
        interrupt(Interruption.LEASE_LOST);
      }
    }
  }

  private synchronized @Nullable Handling handling() {
    return handling;
  }

  private synchronized boolean isOver(Handling of) {
    return of.over;
  }

  private synchronized Instant until(Handling of) {
    return of.until;
  }

  private synchronized void holdUntil(Handling renewed, Instant until) {
    renewed.until = until;
  }

  private void hideAnew() {
    hiding.lock();
    try {
      if (isSettled()) {
        return;
      }
      var until = vigil.clock().instant().plus(vigil.limits().visibility());
      delivery.hideFor(vigil.limits().visibility());
      hiddenUntil(until);
    } catch (RuntimeException e) {
      // Tried again at the next look; where it is in vain, whoever gets the message finds it held.
      log.debug("{}: a message could not be hidden longer", vigil.subscriber(), e);
    } finally {
      hiding.unlock();
    }
  }

  private synchronized boolean isSettled() {
    return settled;
  }

  private synchronized void hiddenUntil(Instant until) {
    visibleAt = until;
  }

  /** For a handler that heeds no interrupt: from now on it holds neither claim nor message. */
  void handBack() {
    var held = handling();
    if (held != null && isOver(held)) {
      return; // its outcome is being written down, which releases or completes it
    }
    if (held != null) {
      try {
        vigil.store().release(held.key, held.grant.token(), Release.CLEAN);
      } catch (RuntimeException e) {
        log.warn("{}: {} could not be released: {}", vigil.subscriber(), held.key, e.toString());
      }
    }
    try {
      hideFor(Duration.ZERO);
    } catch (RuntimeException e) {
      log.warn("{}: a message could not be given back: {}", vigil.subscriber(), e.toString());
    }
  }

  @Override
  public String body() {
    return delivery.body();
  }

  @Override
  public int receives() {
    return delivery.receives();
  }

  @Override
  public void acknowledge() {
    delivery.acknowledge();
  }

  /** Ends the vigil over the message, which is hidden for this long and no longer. */
  @Override
  public void hideFor(Duration duration) {
    settle();
    delivery.hideFor(duration);
  }

  /** Returns when no call to hide the message is under way any more, and none will be. */
  private void settle() {
    hiding.lock();
    try {
      markSettled();
    } finally {
      hiding.unlock();
    }
  }

  private synchronized void markSettled() {
    settled = true;
  }

  @Override
  public void sendToDeadLetters(DeadLetter letter) {
    delivery.sendToDeadLetters(letter);
  }

  @Override
  public void close() {
    markSettled();
    vigil.forget(this);
  }
}
