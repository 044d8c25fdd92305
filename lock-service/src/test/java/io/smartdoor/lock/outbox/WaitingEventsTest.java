package io.smartdoor.lock.outbox;

import static io.smartdoor.lock.outbox.OutboxFixture.LEASE;
import static io.smartdoor.lock.outbox.OutboxFixture.aDoor;
import static io.smartdoor.lock.outbox.OutboxFixture.anOpeningOf;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class WaitingEventsTest {

  private final WaitingEvents waiting = new WaitingEvents(100, Duration.ofMinutes(1));

  @Test
  void oneEventGoesAtOnceWhenNobodyIsAtIt() throws Exception {
    var event = offered();

    assertThat(waiting.take()).containsExactly(event);
  }

  @Test
  void whoComesWhileSomebodyIsAtItWaitsForAWholeBatch() throws Exception {
    offered();
    waiting.take();
    var few = offered(Relay.BATCH - 1);
    var second = waitingFor(waiting::take);

    var last = offered();

    few.add(last);
    assertThat(second.get()).isEqualTo(few);
  }

  @Test
  void waitsNoLongerForCompanyThanItMay() throws Exception {
    var impatient = new WaitingEvents(100, Duration.ofMillis(20));
    var hanging = anEvent();
    var next = anEvent();
    impatient.offer(hanging);
    impatient.take();
    var second = waitingFor(impatient::take);

    impatient.offer(next);

    assertThat(second.get()).containsExactly(next);
  }

  @Test
  void whatHasGatheredGoesWhenTheOneBeforeIsOut() throws Exception {
    offered();
    waiting.take();
    var few = offered(3);
    var second = waitingFor(waiting::take);

    waiting.done();

    assertThat(second.get()).isEqualTo(few);
  }

  @Test
  void aBatchIsNoMoreThanACallTakes() throws Exception {
    offered(25);

    assertThat(waiting.take()).hasSize(10);
    assertThat(waiting.take()).hasSize(10);
    waiting.done();
    waiting.done();
    assertThat(waiting.take()).hasSize(5);
  }

  @Test
  void whatIsThereGoesWhenNothingMoreComes() throws Exception {
    offered();
    waiting.take();
    var few = offered(3);
    var second = waitingFor(waiting::take);

    waiting.close();

    assertThat(second.get()).isEqualTo(few);
    assertThat(waiting.take()).isEmpty();
    assertThat(waiting.offer(anEvent())).isFalse();
  }

  @Test
  void holdsNoMoreThanItMay() {
    offered(100);

    assertThat(waiting.offer(anEvent())).isFalse();
  }

  @Test
  void losesNothingAndDoublesNothingHoweverManyAreAtIt() throws Exception {
    var waiting = new WaitingEvents(10_000, Duration.ofMillis(1));
    var taken = new ConcurrentLinkedQueue<PendingEvent>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var takers =
          IntStream.range(0, 4)
              .mapToObj(i ->
                  threads.submit(() -> {
                    for (var batch = waiting.take(); !batch.isEmpty(); batch = waiting.take()) {
                      taken.addAll(batch);
                      waiting.done();
                    }
                    return true;
                  }))
              .toList();
      threads.invokeAll(
          IntStream.range(0, 8)
              .<Callable<Boolean>>mapToObj(
                  i -> () -> IntStream.range(0, 500).allMatch(j -> waiting.offer(anEvent())))
              .toList());
      waiting.close();
      for (var each : takers) {
        each.get();
      }
    }

    assertThat(taken).hasSize(4000).doesNotHaveDuplicates();
  }

  private PendingEvent offered() {
    return offered(1).getFirst();
  }

  private List<PendingEvent> offered(int count) {
    var events = new ArrayList<>(IntStream.range(0, count).mapToObj(i -> anEvent()).toList());
    assertThat(events).allMatch(waiting::offer);
    return events;
  }

  /** The call, once its thread waits. */
  private static <T> FutureTask<T> waitingFor(Callable<T> call) throws InterruptedException {
    var task = new FutureTask<>(call);
    var thread = Thread.ofPlatform().daemon().start(task);
    var waits = EnumSet.of(Thread.State.WAITING, Thread.State.TIMED_WAITING);
    while (!waits.contains(thread.getState())) {
      assertThat(thread.join(Duration.ofMillis(1))).as("ended rather than waited").isFalse();
    }
    return task;
  }

  private static PendingEvent anEvent() {
    return PendingEvent.accepted(anOpeningOf(aDoor()), LEASE);
  }
}
