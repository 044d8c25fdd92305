package io.smartdoor.messaging.consuming;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.NANOSECONDS;

import io.smartdoor.messaging.Backoff;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Polls one queue and has each message seen through on a virtual thread of its own.
 *
 * <p>Every message has a place from before the poll that brings it until it was seen through, and
 * there is a fixed number of places: nothing is received that has to wait. While the queue is idle,
 * one long poll is open. A poll that comes back full is joined by another, up to {@value
 * #MOST_POLLS}; one that does not ends the others.
 *
 * <p>A poll that fails is repeated after a growing pause, however often. Safe for use by several
 * threads.
 */
final class Poller {

  /**
   * ReceiveMessage's largest MaxNumberOfMessages:
   * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ReceiveMessage.html
   */
  static final int LARGEST_POLL = 10;

  /** Together they bring more than a hundred places can take while one answer is under way. */
  static final int MOST_POLLS = 4;

  /**
   * How long to wait for ten free places before polling for as many as there are: calls for tens
   * where events are quick, and no idle places beside slow handlers.
   */
  private static final Duration WAIT_FOR_PLACES = Duration.ofMillis(500);

  private static final Logger log = LoggerFactory.getLogger(Poller.class);

  private final String name;

  /** Lets nobody pass while there is no point in receiving anything. */
  @FunctionalInterface
  interface Gate {

    void pass() throws InterruptedException;
  }

  private final Polls polls;
  private final Gate gate;
  private final Consumer<Delivery> consumer;
  private final int inFlight;
  private final Duration pollTimeout;
  private final Backoff backoff;
  private final Semaphore places;
  private final AtomicInteger running = new AtomicInteger();
  private final CountDownLatch stopping = new CountDownLatch(1);
  private final ThreadFactory threads;

  /**
   * A poller that does nothing yet.
   *
   * @param consumer sees a message through; what it throws leaves the message on the queue
   * @param inFlight the number of places
   * @param pollTimeout how long an empty poll is held open
   * @param backoff the pauses after polls that failed
   */
  Poller(
      String name,
      Polls polls,
      Gate gate,
      Consumer<Delivery> consumer,
      int inFlight,
      Duration pollTimeout,
      Backoff backoff) {
    this.name = name;
    this.polls = polls;
    this.gate = gate;
    this.consumer = consumer;
    this.inFlight = inFlight;
    this.pollTimeout = pollTimeout;
    this.backoff = backoff;
    this.places = new Semaphore(inFlight);
    this.threads = Thread.ofVirtual().name(name + "-", 0).factory();
  }

  void start() {
    running.incrementAndGet();
    threads.newThread(this::pollForGood).start();
  }

  /** No poll begins from now on; what an open one still brings is seen through. */
  void stop() {
    stopping.countDown();
  }

  /** Whether, after {@link #stop}, no poll is open and no message in hand within {@code limit}. */
  boolean isDrainedWithin(Duration limit) throws InterruptedException {
    if (!places.tryAcquire(inFlight, limit.toNanos(), NANOSECONDS)) {
      return false;
    }
    places.release(inFlight);
    return true;
  }

  private void pollForGood() {
    var failures = 0;
    while (!isStopping()) {
      try {
        pollOnce(pollTimeout);
        if (failures > 0) {
          log.info("{}: the queue answers again, after {} failed polls", name, failures);
        }
        failures = 0;
      } catch (InterruptedException e) {
        return;
      } catch (RuntimeException | Error e) {
        // An Error too: nobody else would poll again.
        failures++;
        if (failures == 1) {
          log.warn("{}: the queue cannot be polled, trying on: {}", name, e.toString());
        }
        pause(backoff.delay(failures));
      }
    }
  }

  /**
   * One of those that help while the queue is full; what goes wrong is the lasting one's to say.
   */
  private void pollWhileFull() {
    try {
      while (!isStopping() && pollOnce(Duration.ZERO)) {
        // The queue had as much as was asked for.
      }
    } catch (InterruptedException | RuntimeException e) {
      log.debug("{}: a second poll failed", name, e);
    } finally {
      running.decrementAndGet();
    }
  }

  /** Whether the queue had as much as was asked for. */
  private boolean pollOnce(Duration wait) throws InterruptedException {
    gate.pass();
    var asked = reserve();
    var taken = 0;
    try {
      if (isStopping()) {
        return false;
      }
      List<Delivery> received = polls.poll(asked, wait);
      var full = received.size() == asked;
      if (full && asked == LARGEST_POLL) {
        joinAnother();
      }
      for (var delivery : received) {
        threads.newThread(() -> seeThrough(delivery)).start();
        taken++;
      }
      return full;
    } finally {
      places.release(asked - taken);
    }
  }

  private int reserve() throws InterruptedException {
    var most = Math.min(LARGEST_POLL, inFlight);
    if (places.tryAcquire(most, WAIT_FOR_PLACES.toMillis(), MILLISECONDS)) {
      return most;
    }
    places.acquire();
    var reserved = 1;
    while (reserved < most && places.tryAcquire()) {
      reserved++;
    }
    return reserved;
  }

  private void joinAnother() {
    if (running.getAndUpdate(now -> now < MOST_POLLS ? now + 1 : now) < MOST_POLLS) {
      threads.newThread(this::pollWhileFull).start();
    }
  }

  private void seeThrough(Delivery delivery) {
    try {
      consumer.accept(delivery);
    } catch (RuntimeException | Error e) {
      log.error("{}: a message is left on the queue", name, e);
    } finally {
      places.release();
    }
  }

  private boolean isStopping() {
    return stopping.getCount() == 0;
  }

  private void pause(Duration duration) {
    try {
      stopping.await(duration.toNanos(), NANOSECONDS);
    } catch (InterruptedException e) {
      stopping.countDown();
    }
  }
}
