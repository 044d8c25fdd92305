package io.smartdoor.notification.recipient;

import static io.smartdoor.notification.Events.NOON;
import static org.assertj.core.api.Assertions.assertThat;

import io.smartdoor.messaging.testing.SettableClock;
import io.smartdoor.notification.memory.MemoryForTests;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two instances over one store. */
class RememberedRecipientsTest extends RecipientsContract {

  private static final Recipient ANNA = new Recipient(new RecipientId("anna"), false);
  private static final Recipient BEN = new Recipient(new RecipientId("ben"), false);
  private static final Instant BEFORE = NOON.minusSeconds(1);

  private final SettableClock clock = new SettableClock(NOON);
  private final InMemoryRecipients store = new InMemoryRecipients();
  private final Recipients here = new RememberedRecipients(store, MemoryForTests.by(clock));
  private final Recipients elsewhere = new RememberedRecipients(store, MemoryForTests.by(clock));

  @Override
  Recipients recipients() {
    return here;
  }

  @BeforeEach
  void annaIsKnown() {
    here.put(ANNA);
    assertThat(whoHearsOf(BEFORE)).containsExactly(ANNA.id());
  }

  @Test
  void whoRegistersElsewhereHearsOfEveryEventThatIsAcceptedAfterwards() {
    elsewhere.put(BEN);
    assertThat(whoHearsOf(BEFORE)).as("what is remembered").containsExactly(ANNA.id());

    assertThat(whoHearsOf(clock.instant())).containsExactly(ANNA.id(), BEN.id());
    assertThat(whoHearsOf(BEFORE)).containsExactly(ANNA.id(), BEN.id());
  }

  @Test
  void whoRegistersElsewhereSoonHearsOfEventsThatWereAcceptedBeforeToo() {
    elsewhere.put(BEN);
    clock.advance(MemoryForTests.KEPT);

    assertThat(whoHearsOf(BEFORE)).containsExactly(ANNA.id(), BEN.id());
  }

  @Test
  void whatIsChangedHereCountsAtOnce() {
    here.put(BEN);
    assertThat(whoHearsOf(BEFORE)).containsExactly(ANNA.id(), BEN.id());

    here.put(new Recipient(BEN.id(), true));
    assertThat(page(BEFORE).recipients()).contains(new Recipient(BEN.id(), true));

    here.markLeaving(BEN.id());
    assertThat(whoHearsOf(BEFORE)).containsExactly(ANNA.id());
  }

  @Test
  void thatThereIsNobodyIsNotRemembered() {
    here.markLeaving(ANNA.id());
    assertThat(whoHearsOf(BEFORE)).isEmpty();

    elsewhere.put(BEN);

    assertThat(whoHearsOf(BEFORE)).containsExactly(BEN.id());
  }

  @Test
  void pagesAreRememberedEachByItself() {
    here.put(BEN);

    var first = here.pageAsOf(BEFORE, Optional.empty(), 1);
    var second = here.pageAsOf(BEFORE, first.next(), 1);

    assertThat(first.recipients()).containsExactly(ANNA);
    assertThat(second.recipients()).containsExactly(BEN);
    assertThat(here.pageAsOf(BEFORE, first.next(), 1)).isSameAs(second);
    assertThat(whoHearsOf(BEFORE)).containsExactly(ANNA.id(), BEN.id());
  }

  /** The API lists what is there. */
  @Test
  void whoAsksForNoEventIsToldWhatIsThere() {
    elsewhere.put(BEN);

    assertThat(here.page(Optional.empty(), 10).recipients()).containsExactly(ANNA, BEN);
    assertThat(here.find(BEN.id())).contains(BEN);
  }

  private List<RecipientId> whoHearsOf(Instant acceptedAt) {
    return page(acceptedAt).recipients().stream().map(Recipient::id).toList();
  }

  private Recipients.Page page(Instant acceptedAt) {
    return here.pageAsOf(acceptedAt, Optional.empty(), 10);
  }
}
