package io.smartdoor.notification.recipient;

import static org.assertj.core.api.Assertions.assertThat;

import io.smartdoor.notification.recipient.Recipients.Stored;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What every store of recipients does; several tests may share the store itself. */
abstract class RecipientsContract {

  private final String run = UUID.randomUUID().toString().substring(0, 8);

  abstract Recipients recipients();

  @Test
  void aRecipientIsCreatedOnceAndReplacedFromThenOn() {
    var me = id("me");

    assertThat(recipients().put(new Recipient(me, false))).isEqualTo(Stored.CREATED);
    assertThat(recipients().put(new Recipient(me, true))).isEqualTo(Stored.REPLACED);

    assertThat(recipients().find(me)).contains(new Recipient(me, true));
  }

  @Test
  void nobodyIsFoundUnderAnIdThatNobodyRegistered() {
    assertThat(recipients().find(id("nobody"))).isEmpty();
    assertThat(recipients().markLeaving(id("nobody"))).isFalse();
    recipients().forget(id("nobody"));
  }

  @Test
  void whoeverIsLeavingIsHiddenAndCannotBeReplacedBeforeTheyAreGone() {
    var me = id("me");
    recipients().put(new Recipient(me, true));

    assertThat(recipients().markLeaving(me)).isTrue();
    assertThat(recipients().markLeaving(me)).isTrue();

    assertThat(recipients().find(me)).isEmpty();
    assertThat(everyone()).doesNotContain(me);
    assertThat(recipients().put(new Recipient(me, true))).isEqualTo(Stored.STILL_LEAVING);
    recipients().forget(me);
    assertThat(recipients().put(new Recipient(me, false))).isEqualTo(Stored.CREATED);
    assertThat(recipients().find(me)).contains(new Recipient(me, false));
  }

  @Test
  void forgettingLeavesAloneWhoeverIsNotLeaving() {
    var me = id("me");
    recipients().put(new Recipient(me, false));

    recipients().forget(me);

    assertThat(recipients().find(me)).isPresent();
  }

  @Test
  void pagesHoldEverybodyOnceWhateverTheirSize() {
    var ids = IntStream.range(0, 7).mapToObj(number -> id("p" + number)).toList();
    ids.forEach(id -> recipients().put(new Recipient(id, false)));
    recipients().markLeaving(ids.get(3));

    for (var size : new int[] {1, 2, 3, 100}) {
      assertThat(everyone(size).stream().filter(id -> id.value().startsWith(run)))
          .containsExactlyInAnyOrderElementsOf(
              ids.stream().filter(id -> !id.equals(ids.get(3))).toList());
    }
  }

  @Test
  void aPageIsNoLongerThanAskedForAndTheLastOneSaysSo() {
    IntStream.range(0, 3)
        .forEach(number -> recipients().put(new Recipient(id("l" + number), true)));

    var page = recipients().page(Optional.empty(), 2);
    assertThat(page.recipients()).hasSize(2);
    assertThat(page.next()).contains(page.recipients().getLast().id());
    assertThat(recipients().page(Optional.empty(), 10_000).next()).isEmpty();
  }

  @Test
  void aPageGoesOnAfterARecipientWhoHasLeftSince() {
    IntStream.range(0, 4)
        .forEach(number -> recipients().put(new Recipient(id("g" + number), true)));
    var all = everyone();
    var first = recipients().page(Optional.empty(), 2);
    var gone = first.next().orElseThrow();

    recipients().markLeaving(gone);
    recipients().forget(gone);

    assertThat(recipients().page(first.next(), 10_000).recipients())
        .extracting(Recipient::id)
        .containsExactlyElementsOf(all.subList(2, all.size()));
  }

  private List<RecipientId> everyone() {
    return everyone(100);
  }

  private List<RecipientId> everyone(int pageSize) {
    var all = new ArrayList<RecipientId>();
    var next = Optional.<RecipientId>empty();
    do {
      var page = recipients().page(next, pageSize);
      page.recipients().forEach(recipient -> all.add(recipient.id()));
      next = page.next();
    } while (next.isPresent());
    assertThat(all).hasSameSizeAs(new HashSet<>(all));
    return all;
  }

  private RecipientId id(String name) {
    return new RecipientId(run + "-" + name);
  }
}
