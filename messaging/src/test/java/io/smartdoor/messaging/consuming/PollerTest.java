package io.smartdoor.messaging.consuming;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.smartdoor.messaging.Backoff;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Each poll waits until the test answers it. */
class PollerTest {

  private static final Duration LONG = Duration.ofSeconds(20);

  /** A poll that is open: for how many messages, for how long, and what the test answers. */
  private static final class Open {

    final int most;
    final Duration wait;
    final LinkedBlockingQueue<List<Delivery>> answer = new LinkedBlockingQueue<>();
    boolean failing;

    Open(int most, Duration wait) {
      this.most = most;
      this.wait = wait;
    }

    void bring(int messages) {
      var deliveries = new ArrayList<Delivery>();
      for (var i = 0; i < messages; i++) {
        deliveries.add(new RecordedDelivery("message " + i));
      }
      answer.add(deliveries);
    }

    void fail() {
      failing = true;
      answer.add(List.of());
    }
  }

  private final LinkedBlockingQueue<Open> opened = new LinkedBlockingQueue<>();
  private final List<Open> all = new CopyOnWriteArrayList<>();
  private final AtomicInteger open = new AtomicInteger();
  private final List<Delivery> seen = new CopyOnWriteArrayList<>();
  private final Semaphore handlers = new Semaphore(0);
  private final CountDownLatch gate = new CountDownLatch(1);
  private Poller poller = poller(100, Duration.ofMillis(1), () -> {});

  private Poller poller(int inFlight, Duration pause, Poller.Gate gate) {
    return new Poller(
        "notification",
        this::poll,
        gate,
        delivery -> {
          seen.add(delivery);
          handlers.acquireUninterruptibly();
        },
        inFlight,
        LONG,
        new Backoff(pause, pause, () -> 0));
  }

  private List<Delivery> poll(int most, Duration wait) {
    var poll = new Open(most, wait);
    open.incrementAndGet();
    all.add(poll);
    opened.add(poll);
    try {
      var answer = poll.answer.take();
      if (poll.failing) {
        throw new IllegalStateException("SQS is out of reach");
      }
      return answer;
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    } finally {
      open.decrementAndGet();
    }
  }

  @AfterEach
  void stop() throws InterruptedException {
    poller.stop();
    gate.countDown();
    handlers.release(100_000);
    while (!poller.isDrainedWithin(Duration.ofMillis(10))) {
      all.forEach(left -> left.bring(0));
    }
  }

  @Test
  void holdsOneLongPollOpenWhileTheQueueIsIdle() throws InterruptedException {
    poller.start();

    for (var i = 0; i < 3; i++) {
      var idle = opened.take();
      assertThat(idle.most).isEqualTo(10);
      assertThat(idle.wait).isEqualTo(LONG);
      assertThat(open).hasValue(1);
      idle.bring(0);
    }
  }

  @Test
  void seesEveryMessageThrough() throws InterruptedException {
    poller.start();
    opened.take().bring(3);

    await().until(() -> seen.size() == 3);
    opened.take().bring(9);
    await().until(() -> seen.size() == 12);
  }

  @Test
  void pollsSeveralTimesAtOnceWhileTheQueueIsFullAndNoMoreThanItMay() throws InterruptedException {
    handlers.release(100_000);
    poller.start();
    for (var i = 0; i < 20; i++) {
      opened.take().bring(10);
    }

    await().until(() -> open.get() == Poller.MOST_POLLS);
    assertThat(opened).extracting(poll -> poll.wait).containsOnlyOnce(LONG).contains(Duration.ZERO);
  }

  @Test
  void pollsAsOftenAtOnceWhenTheQueueIsFullAgain() throws InterruptedException {
    handlers.release(100_000);
    poller.start();
    for (var time = 0; time < 3; time++) {
      for (var i = 0; i < 20; i++) {
        opened.take().bring(10);
      }
      await().until(() -> open.get() == Poller.MOST_POLLS);
      for (var i = 0; i < Poller.MOST_POLLS; i++) {
        opened.take().bring(0);
      }
      await().until(() -> open.get() == 1);
    }
  }

  @Test
  void fallsBackToOnePollWhenTheQueueIsNoLongerFull() throws InterruptedException {
    handlers.release(100_000);
    poller.start();
    opened.take().bring(10);
    await().until(() -> open.get() == 2);

    opened.take().bring(9);
    opened.take().bring(9);
    assertThat(opened.take().wait).isEqualTo(LONG);
    await().until(() -> open.get() == 1);
    assertThat(opened).isEmpty();
  }

  @Test
  void receivesNothingThatHasNoPlace() throws InterruptedException {
    poller = poller(4, Duration.ofMillis(1), () -> {});
    poller.start();
    var first = opened.take();
    assertThat(first.most).isEqualTo(4);
    first.bring(3);

    var second = opened.take();
    assertThat(second.most).isEqualTo(1);
    second.bring(1);
    await().until(() -> seen.size() == 4);
    assertThat(open).hasValue(0);

    handlers.release(2);
    assertThat(opened.take().most).isBetween(1, 2);
  }

  @Test
  void goesOnHoweverOftenAPollFails() throws InterruptedException {
    poller.start();
    for (var i = 0; i < 25; i++) {
      opened.take().fail();
    }
    opened.take().bring(2);

    await().until(() -> seen.size() == 2);
  }

  @Test
  void givesThePlacesOfAFailedPollBack() throws InterruptedException {
    poller.start();
    for (var i = 0; i < 25; i++) {
      opened.take().fail();
    }

    assertThat(opened.take().most).isEqualTo(10);
  }

  @Test
  void pausesAfterAPollThatFailed() throws InterruptedException {
    poller = poller(100, Duration.ofHours(1), () -> {});
    poller.start();
    opened.take().fail();

    await().until(() -> open.get() == 0);
    poller.stop();
    assertThat(poller.isDrainedWithin(Duration.ofSeconds(10))).isTrue();
    assertThat(opened).isEmpty();
  }

  @Test
  void receivesNothingWhileTheGateIsClosed() throws InterruptedException {
    var reached = new CountDownLatch(1);
    poller =
        poller(
            100,
            Duration.ofMillis(1),
            () -> {
              reached.countDown();
              gate.await();
            });
    poller.start();
    reached.await();
    assertThat(opened).isEmpty();

    gate.countDown();
    assertThat(opened.take().most).isEqualTo(10);
  }

  @Test
  void seesThroughWhatAnOpenPollBringsWhenItStops() throws InterruptedException {
    poller.start();
    var last = opened.take();
    poller.stop();
    assertThat(poller.isDrainedWithin(Duration.ofMillis(1))).isFalse();

    last.bring(2);
    await().until(() -> seen.size() == 2);
    assertThat(poller.isDrainedWithin(Duration.ofMillis(1))).isFalse();
    handlers.release(2);
    assertThat(poller.isDrainedWithin(Duration.ofSeconds(10))).isTrue();
    assertThat(opened).isEmpty();
  }

  @Test
  void keepsThePlaceOfNoMessageThatABugLeft() throws InterruptedException {
    var bugs = new AtomicInteger();
    poller =
        new Poller(
            "notification",
            this::poll,
            () -> {},
            _ -> {
              bugs.incrementAndGet();
              throw new IllegalStateException("a bug");
            },
            2,
            LONG,
            new Backoff(Duration.ofMillis(1), Duration.ofMillis(1), () -> 0));
    poller.start();
    opened.take().bring(2);
    opened.take().bring(2);

    await().until(() -> bugs.get() == 4);
  }
}
