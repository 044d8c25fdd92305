package io.smartdoor.notification.memory;

import static io.smartdoor.notification.Events.NOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.benmanes.caffeine.cache.Ticker;
import io.smartdoor.messaging.testing.SettableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class ReadingsTest {

  private static final Duration MOMENT = MemoryForTests.CLOCK_DIFFERENCE.plusMillis(1);

  private final SettableClock clock = new SettableClock(NOON);
  private final Readings<String, Integer> readings = MemoryForTests.by(clock).readings(10);
  private final AtomicInteger read = new AtomicInteger();

  @Test
  void oneReadingServesEveryEventThatWasAcceptedBefore() {
    assertThat(asOf(NOON.minus(MOMENT))).isEqualTo(1);

    assertThat(asOf(NOON.minus(MOMENT))).isEqualTo(1);
    assertThat(asOf(NOON.minusSeconds(60))).isEqualTo(1);
    assertThat(asOf(Instant.MIN)).isEqualTo(1);
  }

  /** What was changed before an event was accepted counts for it, on whatever instance. */
  @Test
  void anEventThatWasAcceptedAfterwardsIsReadFor() {
    asOf(NOON.minus(MOMENT));
    clock.advance(Duration.ofMillis(500));

    assertThat(asOf(NOON.plusMillis(1))).isEqualTo(2);
    assertThat(asOf(NOON.plusMillis(2))).isEqualTo(2);
    assertThat(asOf(Instant.MAX)).isEqualTo(3);
  }

  /** The event's time is another machine's: what is hardly later may in truth be earlier. */
  @Test
  void whatMayHaveBegunBeforeTheEventWasAcceptedDoesNotServeIt() {
    asOf(NOON.minus(MOMENT));

    assertThat(asOf(NOON.minus(MemoryForTests.CLOCK_DIFFERENCE))).isEqualTo(2);
  }

  @Test
  void nothingIsRememberedForLong() {
    asOf(NOON.minusSeconds(60));
    clock.advance(MemoryForTests.KEPT.minusMillis(1));
    assertThat(asOf(NOON.minusSeconds(60))).isEqualTo(1);

    clock.advance(Duration.ofMillis(1));

    assertThat(asOf(NOON.minusSeconds(60))).isEqualTo(2);
  }

  @Test
  void whatIsForgottenIsReadAnew() {
    asOf(NOON.minus(MOMENT));

    readings.forget("other");
    assertThat(asOf(NOON.minus(MOMENT))).isEqualTo(1);
    readings.forget("key");
    assertThat(asOf(NOON.minus(MOMENT))).isEqualTo(2);
    readings.forgetAll();
    assertThat(asOf(NOON.minus(MOMENT))).isEqualTo(3);
  }

  @Test
  void aReadingServesItsOwnKeyAlone() {
    asOf(NOON.minus(MOMENT));

    assertThat(readings.asOf("other", NOON.minus(MOMENT), read::incrementAndGet)).isEqualTo(2);
  }

  @Test
  void aFailureIsNotRemembered() {
    var failure = new IllegalStateException("out of reach");

    assertThatThrownBy(() -> readings.asOf("key", NOON.minus(MOMENT), failing(failure)))
        .isSameAs(failure);

    assertThat(asOf(NOON.minus(MOMENT))).isEqualTo(1);
  }

  @Test
  void aMemoryOfNoTimeReadsEveryTime() {
    Readings<String, Integer> none =
        new Memory(Duration.ZERO, Duration.ZERO, clock, Ticker.systemTicker()).readings(10);

    assertThat(none.asOf("key", NOON.minusSeconds(1), read::incrementAndGet)).isEqualTo(1);
    assertThat(none.asOf("key", NOON.minusSeconds(1), read::incrementAndGet)).isEqualTo(2);
  }

  @Test
  void whoAsksMeanwhileWaitsAndSharesTheResult() throws Exception {
    assertThat(whileOneReads(() -> 7)).hasSize(5).containsOnly(7);
    assertThat(read).hasValue(1);
  }

  /** One after the other, they would fail for longer than their events may be held. */
  @Test
  void whoAsksMeanwhileSharesTheFailureToo() {
    var failure = new IllegalStateException("out of reach");

    assertThatThrownBy(() -> whileOneReads(failing(failure)))
        .isInstanceOf(ExecutionException.class)
        .cause()
        .isSameAs(failure);
    assertThat(read).hasValue(1);
  }

  /** What four others get who ask while somebody reads, and that one; the first failure of them. */
  private List<Integer> whileOneReads(Supplier<Integer> result) throws Exception {
    var reading = new CountDownLatch(1);
    var finish = new CountDownLatch(1);
    Supplier<Integer> slow =
        () -> {
          read.incrementAndGet();
          reading.countDown();
          await(finish);
          return result.get();
        };
    var asking = new FutureTask<>(() -> readings.asOf("key", NOON.minus(MOMENT), slow));
    Thread.startVirtualThread(asking);
    await(reading);
    var others =
        Stream.generate(
                () -> new FutureTask<>(() -> readings.asOf("key", NOON.minus(MOMENT), slow)))
            .limit(4)
            .toList();
    var threads = others.stream().map(Thread::startVirtualThread).toList();
    Awaitility.await()
        .until(() -> threads.stream().allMatch(it -> it.getState() == Thread.State.WAITING));
    finish.countDown();
    var results = new ArrayList<Integer>();
    for (var other : others) {
      results.add(other.get());
    }
    results.add(asking.get());
    return results;
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private Integer asOf(Instant acceptedAt) {
    return readings.asOf("key", acceptedAt, read::incrementAndGet);
  }

  private static Supplier<Integer> failing(RuntimeException failure) {
    return () -> {
      throw failure;
    };
  }
}
