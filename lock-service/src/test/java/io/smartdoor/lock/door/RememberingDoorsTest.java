package io.smartdoor.lock.door;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smartdoor.events.DoorId;
import io.smartdoor.lock.TestTicker;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two instances, each with its own memory, over one table. */
@Timeout(30)
class RememberingDoorsTest {

  private static final Duration SEEN_AFTER = Duration.ofSeconds(5);
  private static final Duration READ_ANEW = Duration.ofMinutes(10);
  private static final Door DOOR = new Door(new DoorId("front-door"), new DoorName("Front door"));
  private static final Door OTHER = new Door(new DoorId("back-door"), new DoorName("Back door"));

  private final TestTicker time = new TestTicker();
  private final SecureRandom random = new SecureRandom();
  private final Table table = new Table();
  private final Doors here = instance(100);
  private final Doors elsewhere = instance(100);

  @Test
  void remembersOnlyWhatItHasReadAndFound() {
    here.add(DOOR, DoorKey.generate(random));
    assertThat(here.recall(DOOR.id())).isEmpty();
    here.findWithKey(OTHER.id());
    assertThat(here.recall(OTHER.id())).isEmpty();

    var found = here.findWithKey(DOOR.id());

    assertThat(here.recall(DOOR.id())).isEqualTo(found);
    assertThat(elsewhere.recall(DOOR.id())).isEmpty();
  }

  /** Once both the door and the count were read, a thousand doors cost what one does. */
  @Test
  void asksForTheCountOnceAMomentHoweverManyDoorsReport() {
    remembered(here, DOOR);
    remembered(here, OTHER);
    table.asked = 0;

    for (var second = 0; second < 60; second++) {
      for (var i = 0; i < 100; i++) {
        assertThat(isCurrent(here, DOOR)).isTrue();
        assertThat(isCurrent(here, OTHER)).isTrue();
      }
      time.advance(Duration.ofSeconds(1));
    }

    assertThat(table.asked).isBetween(12, 24);
  }

  @Test
  void aRemovalShowsAtOnceWhereItWasMadeAndElsewhereAMomentLater() {
    remembered(here, DOOR);
    remembered(elsewhere, DOOR);

    here.remove(DOOR.id());

    assertThat(here.recall(DOOR.id())).isEmpty();
    time.advance(SEEN_AFTER);
    assertThat(isCurrent(elsewhere, DOOR)).isFalse();
    assertThat(elsewhere.findWithKey(DOOR.id())).isEmpty();
    assertThat(elsewhere.recall(DOOR.id())).isEmpty();
  }

  @Test
  void aRemovalWhoseAnswerIsLostShowsAtOnceToo() {
    remembered(here, DOOR);
    table.losesAnswers = true;

    assertThatThrownBy(() -> here.remove(DOOR.id())).hasMessage("lost");

    assertThat(here.recall(DOOR.id())).isEmpty();
  }

  /** Its first key is remembered elsewhere, and no longer current. */
  @Test
  void aDoorThatWasRegisteredAnewHasItsNewKey() {
    remembered(elsewhere, DOOR);
    here.remove(DOOR.id());
    var key = DoorKey.generate(random);
    here.add(DOOR, key);
    time.advance(SEEN_AFTER);

    assertThat(isCurrent(elsewhere, DOOR)).isFalse();
    elsewhere.findWithKey(DOOR.id());
    assertThat(elsewhere.recall(DOOR.id()).orElseThrow().key()).isEqualTo(key);
    assertThat(isCurrent(elsewhere, DOOR)).isTrue();
  }

  @Test
  void whatIsReadWhileItIsRemovedIsNotCurrentAfterwards() {
    remembered(here, DOOR);
    table.afterLookUp = () -> here.remove(DOOR.id());

    here.findWithKey(DOOR.id());

    assertThat(here.recall(DOOR.id())).as("read before it was removed").isPresent();
    assertThat(isCurrent(here, DOOR)).isFalse();
  }

  @Test
  void whatSomebodyChangesByHandShowsInTheEnd() {
    remembered(here, DOOR);
    time.advance(READ_ANEW.minusNanos(1));
    assertThat(isCurrent(here, DOOR)).isTrue();

    time.advance(Duration.ofNanos(1));

    assertThat(isCurrent(here, DOOR)).isFalse();
  }

  @Test
  void remembersNoMoreDoorsThanItIsToldTo() {
    var few = (RememberingDoors) instance(10);
    var ids = IntStream.range(0, 1000).mapToObj(i -> new DoorId("door-" + i)).toList();

    ids.forEach(it -> {
      few.add(new Door(it, new DoorName("Door")), DoorKey.generate(random));
      few.findWithKey(it);
    });
    few.forgetWhatIsTooMuch();

    assertThat(ids.stream().filter(it -> few.recall(it).isPresent())).hasSizeLessThanOrEqualTo(10);
  }

  /** A table that hangs is no reason to queue up: each asks for itself, and none waits. */
  @Test
  void nobodyWaitsForAnothersRead() throws Exception {
    remembered(here, DOOR);
    time.advance(SEEN_AFTER);
    var everybodyAsks = new CountDownLatch(8);
    table.duringCount =
        () -> {
          everybodyAsks.countDown();
          awaited(everybodyAsks);
        };

    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      threads
          .invokeAll(
              IntStream.range(0, 8)
                  .<Callable<Boolean>>mapToObj(i -> () -> isCurrent(here, DOOR))
                  .toList())
          .forEach(it -> assertThat(it.resultNow()).isTrue());
    }
  }

  /** What is still good is used while one asks anew. */
  @Test
  void oneAsksAnewWhileTheOthersGoOn() throws Exception {
    remembered(here, DOOR);
    time.advance(SEEN_AFTER.minusSeconds(1));
    var asked = new CountDownLatch(1);
    var answer = new CountDownLatch(1);
    table.duringCount =
        () -> {
          asked.countDown();
          awaited(answer);
        };
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var first = threads.submit(() -> isCurrent(here, DOOR));
      asked.await();

      assertThat(isCurrent(here, DOOR)).isTrue();
      assertThat(asked.getCount()).isZero();

      answer.countDown();
      assertThat(first.get()).isTrue();
    }
  }

  private static boolean isCurrent(Doors doors, Door door) {
    return doors.isCurrent(doors.recall(door.id()).orElseThrow());
  }

  /** Registered, read, and found current: the second read knows the count. */
  private void remembered(Doors doors, Door door) {
    table.add(door, DoorKey.generate(random));
    doors.findWithKey(door.id());
    if (!isCurrent(doors, door)) {
      doors.findWithKey(door.id());
    }
    assertThat(isCurrent(doors, door)).isTrue();
  }

  private Doors instance(int most) {
    return new RememberingDoors(table, most, SEEN_AFTER, READ_ANEW, time);
  }

  private static void awaited(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static final class Table extends InMemoryDoors {

    private int asked;
    private boolean losesAnswers;
    private Runnable afterLookUp = () -> {};
    private volatile Runnable duringCount = () -> {};

    @Override
    public Optional<KeyedDoor> findWithKey(DoorId id) {
      asked++;
      var found = super.findWithKey(id);
      afterLookUp.run();
      return found;
    }

    @Override
    public long removals() {
      asked++;
      duringCount.run();
      return super.removals();
    }

    @Override
    public boolean remove(DoorId id) {
      var removed = super.remove(id);
      if (losesAnswers) {
        throw new IllegalStateException("lost");
      }
      return removed;
    }
  }
}
