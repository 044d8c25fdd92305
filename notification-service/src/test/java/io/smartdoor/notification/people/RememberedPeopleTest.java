package io.smartdoor.notification.people;

import static io.smartdoor.notification.Events.ANNA;
import static io.smartdoor.notification.Events.NOON;
import static org.assertj.core.api.Assertions.assertThat;

import io.smartdoor.messaging.testing.SettableClock;
import io.smartdoor.notification.memory.MemoryForTests;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two instances over one store. */
class RememberedPeopleTest extends PeopleContract {

  private static final DisplayName NAME = new DisplayName("Anna");
  private static final Instant BEFORE = NOON.minusSeconds(1);

  private final SettableClock clock = new SettableClock(NOON);
  private final InMemoryPeople store = new InMemoryPeople();
  private final People here = new RememberedPeople(store, MemoryForTests.by(clock));
  private final People elsewhere = new RememberedPeople(store, MemoryForTests.by(clock));

  @Override
  People people() {
    return here;
  }

  @BeforeEach
  void annaHasAName() {
    here.put(ANNA, NAME);
    assertThat(here.nameAsOf(BEFORE, ANNA)).contains(NAME);
  }

  @Test
  void aNameThatWasRemovedElsewhereIsInNoEntryOfAnEventThatIsAcceptedAfterwards() {
    elsewhere.remove(ANNA);
    assertThat(here.nameAsOf(BEFORE, ANNA)).as("what is remembered").contains(NAME);

    assertThat(here.nameAsOf(clock.instant(), ANNA)).isEmpty();
    assertThat(here.nameAsOf(BEFORE, ANNA)).isEmpty();
  }

  @Test
  void norForLongInThoseOfEventsThatWereAcceptedBefore() {
    elsewhere.remove(ANNA);
    clock.advance(MemoryForTests.KEPT);

    assertThat(here.nameAsOf(BEFORE, ANNA)).isEmpty();
  }

  @Test
  void whatIsChangedHereCountsAtOnce() {
    var other = new DisplayName("Anna O’Hara");
    here.put(ANNA, other);
    assertThat(here.nameAsOf(BEFORE, ANNA)).contains(other);

    here.remove(ANNA);
    assertThat(here.nameAsOf(BEFORE, ANNA)).isEmpty();
  }

  /** The API tells what is there. */
  @Test
  void whoAsksForNoEventIsToldWhatIsThere() {
    elsewhere.remove(ANNA);

    assertThat(here.nameOf(ANNA)).isEmpty();
  }
}
