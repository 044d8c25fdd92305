package io.smartdoor.lock.door;

import static org.assertj.core.api.Assertions.assertThat;

import io.smartdoor.events.DoorId;
import io.smartdoor.lock.outbox.Acceptance;
import io.smartdoor.lock.outbox.AcceptedEvent;
import io.smartdoor.lock.outbox.HistoryPage;
import io.smartdoor.lock.outbox.HistoryPosition;
import io.smartdoor.lock.outbox.Outbox;
import io.smartdoor.lock.outbox.RecordedEvent;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class DoorControllerTest {

  private static final int DOORS = 5;

  private final SecureRandom random = new SecureRandom();
  private final Doors doors = new InMemoryDoors();
  private final CountDownLatch asked = new CountDownLatch(DOORS);
  private final DoorController controller =
      new DoorController(doors, new AnswersWhenAllAreAsked(asked), random);

  @Test
  void looksUpTheStatesOfAPageSideBySideAndKeepsItsOrder() {
    IntStream.range(0, DOORS + 1)
        .mapToObj(i -> new Door(new DoorId("door-" + i), new DoorName("Door " + i)))
        .forEach(it -> doors.add(it, DoorKey.generate(random)));

    var page = controller.all("" + DOORS, null);

    assertThat(page.items())
        .extracting(DoorViews.Current::id)
        .containsExactly("door-0", "door-1", "door-2", "door-3", "door-4");
    assertThat(page.next()).isEqualTo("door-4");
  }

  /** One that is asked for door after door answers never. */
  private record AnswersWhenAllAreAsked(CountDownLatch asked) implements Outbox {

    @Override
    public Acceptance accept(AcceptedEvent event) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Optional<RecordedEvent> newest(DoorId door) {
      asked.countDown();
      try {
        assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
      return Optional.empty();
    }

    @Override
    public HistoryPage history(DoorId door, int limit, Optional<HistoryPosition> before) {
      throw new UnsupportedOperationException();
    }
  }
}
