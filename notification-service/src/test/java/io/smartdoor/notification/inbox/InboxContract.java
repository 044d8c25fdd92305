package io.smartdoor.notification.inbox;

import static io.smartdoor.notification.Events.ANNA;
import static io.smartdoor.notification.Events.FRONT_DOOR;
import static io.smartdoor.notification.Events.NOON;
import static io.smartdoor.notification.Events.doorIs;
import static io.smartdoor.notification.Events.failed;
import static io.smartdoor.notification.Events.frontDoorIs;
import static io.smartdoor.notification.Events.identified;
import static io.smartdoor.notification.Events.received;
import static io.smartdoor.notification.Events.unrecognised;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.smartdoor.events.DoorState;
import io.smartdoor.events.DoorStatus;
import io.smartdoor.events.IdempotencyKey;
import io.smartdoor.events.SmartDoorEvent;
import io.smartdoor.messaging.testing.SettableClock;
import io.smartdoor.notification.delivery.Level;
import io.smartdoor.notification.delivery.Notification;
import io.smartdoor.notification.delivery.Occasion;
import io.smartdoor.notification.inbox.Inbox.Marked;
import io.smartdoor.notification.inbox.Inbox.Placement;
import io.smartdoor.notification.recipient.Recipient;
import io.smartdoor.notification.recipient.RecipientData;
import io.smartdoor.notification.recipient.RecipientId;
import io.smartdoor.notification.recipient.Recipients;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What every store of inboxes does. Several tests may share the store itself: each has recipients
 * of its own.
 */
abstract class InboxContract {

  private static final OptionalLong WHATEVER_STANDS = OptionalLong.empty();

  final SettableClock clock = new SettableClock(NOON);

  private final RecipientId me = somebody();
  private final DoorStatus opening = frontDoorIs(DoorState.OPEN);

  /** The same inboxes, as several instances of the service see them: at least one. */
  abstract List<? extends Inbox> instances();

  abstract RecipientData kept();

  abstract Recipients recipients();

  @BeforeEach
  void register() {
    recipients().put(new Recipient(me, false));
  }

  @Test
  void anEntryShowsTheEventAndTheNotification() {
    var event = identified(opening, ANNA);

    assertThat(place(event)).isEqualTo(new Placement.Placed(1));

    assertThat(all())
        .containsExactly(
            new InboxItem(
                opening.metadata().idempotencyKey(),
                1,
                "title of Person Identified",
                "body",
                "notice",
                Optional.of(FRONT_DOOR),
                "Person Identified",
                event.metadata().idempotencyKey(),
                NOON,
                false));
  }

  @Test
  void anEntryOfADoorOfWhichNothingIsKnownNamesNone() {
    place(doorIs(DoorState.OPEN, Optional.empty()));

    assertThat(all()).extracting(InboxItem::door).containsExactly(Optional.empty());
  }

  @Test
  void theSameEventTwiceIsOneEntry() {
    place(opening);

    assertThat(place(opening)).isEqualTo(new Placement.Outranked());

    assertThat(all()).extracting(InboxItem::seq).containsExactly(1L);
  }

  @Test
  void inWhateverOrderAChainArrivesAndHoweverOftenTheEntryIsTheSameInTheEnd() {
    var chain = List.of(opening, failed(opening, "timeout"), identified(opening, ANNA));

    permutations(twice(chain))
        .forEach(arrivals -> {
          var reader = somebody();
          recipients().put(new Recipient(reader, false));
          arrivals.forEach(event -> place(reader, event));
          assertThat(all(reader))
              .as(() -> arrivals.stream().map(SmartDoorEvent::detailType).toList().toString())
              .extracting(InboxItem::detailType, InboxItem::idempotencyKey, InboxItem::title)
              .containsExactly(
                  tuple(
                      "Person Identified",
                      chain.getLast().metadata().idempotencyKey(),
                      "title of Person Identified"));
        });
  }

  @Test
  void aFailureOutranksAStatusInWhateverOrderTheyArrive() {
    var failure = failed(opening, "timeout");

    permutations(twice(List.of(opening, failure)))
        .forEach(arrivals -> {
          var reader = somebody();
          recipients().put(new Recipient(reader, false));
          arrivals.forEach(event -> place(reader, event));
          assertThat(all(reader))
              .extracting(InboxItem::detailType)
              .containsExactly("Identification Failed");
        });
  }

  @Test
  void ofAKnownPersonAndAStrangerTheFirstStands() {
    var chain =
        List.of(
            opening,
            failed(opening, "timeout"),
            identified(opening, ANNA),
            unrecognised(opening, "credential-unknown"));

    permutations(chain)
        .forEach(arrivals -> {
          var reader = somebody();
          recipients().put(new Recipient(reader, false));
          arrivals.forEach(event -> place(reader, event));
          var first =
              arrivals.stream()
                  .map(event -> event.detailType().text())
                  .filter(type -> type.startsWith("Person"))
                  .findFirst()
                  .orElseThrow();
          assertThat(all(reader)).extracting(InboxItem::detailType).containsExactly(first);
        });
  }

  @Test
  void aReplacedEntryComesAgainAtTheEndAndUnread() {
    place(opening);
    place(frontDoorIs(DoorState.AJAR));
    markRead(opening, WHATEVER_STANDS);
    assertThat(entry(opening).read()).isTrue();

    assertThat(place(identified(opening, ANNA))).isEqualTo(new Placement.Placed(3));

    assertThat(all()).extracting(InboxItem::seq).containsExactly(2L, 3L);
    assertThat(entry(opening).read()).isFalse();
    assertThat(inbox().after(me, 2, 10).items()).containsExactly(entry(opening));
  }

  @Test
  void aPageHoldsWhatComesAfterANumberAndSaysWhetherThereIsMore() {
    IntStream.range(0, 5).forEach(_ -> place(frontDoorIs(DoorState.OPEN)));

    assertThat(seqs(inbox().after(me, 0, 2))).containsExactly(1L, 2L);
    assertThat(inbox().after(me, 0, 2).more()).isTrue();
    assertThat(seqs(inbox().after(me, 3, 2))).containsExactly(4L, 5L);
    assertThat(inbox().after(me, 3, 2).more()).isFalse();
    assertThat(inbox().after(me, 5, 2)).isEqualTo(new Inbox.Page(List.of(), false));
    assertThat(inbox().after(me, Long.MAX_VALUE, 2).items()).isEmpty();
    assertThat(inbox().after(somebody(), 0, 2).items()).isEmpty();
  }

  @Test
  void everybodysInboxIsNumberedByItself() {
    var you = somebody();
    recipients().put(new Recipient(you, false));

    place(opening);

    assertThat(place(you, opening)).isEqualTo(new Placement.Placed(1));
    assertThat(all(you)).hasSize(1);
  }

  @Test
  void anEntryIsKeptFor90Days() {
    place(opening);

    clock.advance(Duration.ofDays(90).minusSeconds(1));
    assertThat(all()).hasSize(1);
    assertThat(markRead(opening, WHATEVER_STANDS)).isEqualTo(Marked.READ);

    clock.advance(Duration.ofSeconds(1));
    assertThat(all()).isEmpty();
    assertThat(markRead(opening, WHATEVER_STANDS)).isEqualTo(Marked.UNKNOWN);
    assertThat(markRead(opening, OptionalLong.of(1))).isEqualTo(Marked.UNKNOWN);
  }

  @Test
  void expiredEntriesTakeNoPlaceOnAPage() {
    IntStream.range(0, 5).forEach(_ -> place(frontDoorIs(DoorState.OPEN)));
    clock.advance(Duration.ofDays(90));
    IntStream.range(0, 3).forEach(_ -> place(frontDoorIs(DoorState.OPEN)));

    assertThat(seqs(inbox().after(me, 0, 2))).containsExactly(6L, 7L);
    assertThat(inbox().after(me, 0, 2).more()).isTrue();
    assertThat(inbox().after(me, 0, 3).more()).isFalse();
  }

  @Test
  void whatWasReadStaysReadHoweverOftenAndInWhateverOrderThatIsSaid() {
    place(opening);
    place(failed(opening, "timeout"));

    assertThat(markRead(opening, OptionalLong.of(2))).isEqualTo(Marked.READ);
    assertThat(markRead(opening, OptionalLong.of(1))).isEqualTo(Marked.READ);
    assertThat(markRead(opening, OptionalLong.of(2))).isEqualTo(Marked.READ);
    assertThat(markRead(opening, WHATEVER_STANDS)).isEqualTo(Marked.READ);

    assertThat(entry(opening).read()).isTrue();
    assertThat(entry(opening).title()).isEqualTo("title of Identification Failed");
  }

  @Test
  void whoReadTheVersionBeforeHasNotReadTheOneThatReplacedIt() {
    place(opening);
    place(identified(opening, ANNA));

    assertThat(markRead(opening, OptionalLong.of(1))).isEqualTo(Marked.READ);

    assertThat(entry(opening).read()).isFalse();
  }

  @Test
  void aVersionThatNeverWasCannotBeRead() {
    place(opening);

    assertThat(markRead(opening, OptionalLong.of(2))).isEqualTo(Marked.NEVER_SHOWN);

    assertThat(entry(opening).read()).isFalse();
  }

  @Test
  void anEntryThatNobodyWroteCannotBeReadAndDoesNotComeToBe() {
    assertThat(markRead(opening, WHATEVER_STANDS)).isEqualTo(Marked.UNKNOWN);
    assertThat(markRead(opening, OptionalLong.of(1))).isEqualTo(Marked.UNKNOWN);

    assertThat(all()).isEmpty();
    assertThat(place(opening)).isEqualTo(new Placement.Placed(1));
  }

  @Test
  void nothingIsPlacedForSomebodyWhoIsNotThereOrLeaving() {
    assertThat(place(somebody(), opening)).isEqualTo(new Placement.NoRecipient());

    recipients().markLeaving(me);

    assertThat(place(opening)).isEqualTo(new Placement.NoRecipient());
    assertThat(all()).isEmpty();
  }

  @Test
  void theWholeInboxGoesWithItsRecipientAndTheNextOneBeginsAnew() {
    IntStream.range(0, 120).forEach(_ -> place(frontDoorIs(DoorState.OPEN)));

    recipients().markLeaving(me);
    kept().deleteAllOf(me);
    kept().deleteAllOf(me);
    recipients().forget(me);
    register();

    assertThat(all()).isEmpty();
    assertThat(place(opening)).isEqualTo(new Placement.Placed(1));
  }

  @Test
  void whoeverComesLateToARemovalTakesNothingFromWhoRegisteredSince() {
    place(opening);

    kept().deleteAllOf(me);

    assertThat(all()).hasSize(1);
  }

  @Test
  void readersPassNothingByWhileManyWriteToOneInbox() throws Exception {
    var chains = IntStream.range(0, 8).mapToObj(_ -> frontDoorIs(DoorState.OPEN)).toList();
    var events = new ArrayList<SmartDoorEvent>();
    chains.forEach(chain ->
        Collections.addAll(
            events, chain, failed(chain, "timeout"), identified(chain, ANNA), chain));
    assertThat(events).hasSize(32);
    var start = new CyclicBarrier(events.size() + 2);

    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var writers =
          IntStream.range(0, events.size())
              .mapToObj(number ->
                  threads.submit(
                      (Callable<Placement>)
                          () -> {
                            start.await();
                            return placeAtLast(number, events.get(number));
                          }))
              .toList();
      var readers =
          IntStream.range(0, 2)
              .mapToObj(number ->
                  threads.submit(() -> {
                    start.await();
                    return follow(number, () -> writers.stream().allMatch(Future::isDone));
                  }))
              .toList();

      var placed = 0;
      for (var writer : writers) {
        placed += writer.get() instanceof Placement.Placed ? 1 : 0;
      }
      var inTheEnd = byId(all());
      assertThat(inTheEnd).hasSize(8);
      assertThat(inTheEnd.values())
          .allSatisfy(item -> assertThat(item.detailType()).isEqualTo("Person Identified"));
      assertThat(all().getLast().seq()).as("every number was given out once").isEqualTo(placed);
      for (var reader : readers) {
        assertThat(reader.get()).isEqualTo(inTheEnd);
      }
    }
  }

  /** As the queue does it: an event whose turn did not come is handled again. */
  private Placement placeAtLast(int number, SmartDoorEvent event) {
    var instance = instances().get(number % instances().size());
    Placement placement;
    do {
      placement = instance.place(me, Occasion.of(received(event)), notification(event));
    } while (placement instanceof Placement.Contended);
    return placement;
  }

  /** As a phone does it: goes on after the last number received, in pages of three. */
  private Map<IdempotencyKey, InboxItem> follow(int number, BooleanSupplier writersAreDone) {
    var instance = instances().get(number % instances().size());
    var seen = new HashMap<IdempotencyKey, InboxItem>();
    var after = 0L;
    boolean wereDone;
    Inbox.Page page;
    do {
      wereDone = writersAreDone.getAsBoolean();
      page = instance.after(me, after, 3);
      seen.putAll(byId(page.items()));
      after = page.items().isEmpty() ? after : page.items().getLast().seq();
    } while (!wereDone || !page.items().isEmpty());
    return seen;
  }

  private static Map<IdempotencyKey, InboxItem> byId(List<InboxItem> items) {
    var byId = new HashMap<IdempotencyKey, InboxItem>();
    items.forEach(item -> byId.put(item.id(), item));
    return byId;
  }

  private Inbox inbox() {
    return instances().getFirst();
  }

  private Placement place(SmartDoorEvent event) {
    return place(me, event);
  }

  private Placement place(RecipientId recipient, SmartDoorEvent event) {
    return inbox().place(recipient, Occasion.of(received(event)), notification(event));
  }

  private static Notification notification(SmartDoorEvent event) {
    return new Notification(Level.NOTICE, "title of " + event.detailType().text(), "body");
  }

  private Marked markRead(DoorStatus chain, OptionalLong seq) {
    return inbox().markRead(me, chain.metadata().idempotencyKey(), seq);
  }

  private InboxItem entry(DoorStatus chain) {
    return all().stream()
        .filter(item -> item.id().equals(chain.metadata().idempotencyKey()))
        .findFirst()
        .orElseThrow();
  }

  private List<InboxItem> all() {
    return all(me);
  }

  private List<InboxItem> all(RecipientId recipient) {
    return inbox().after(recipient, 0, 1000).items();
  }

  private static List<Long> seqs(Inbox.Page page) {
    return page.items().stream().map(InboxItem::seq).toList();
  }

  private static RecipientId somebody() {
    return new RecipientId("r-" + UUID.randomUUID());
  }

  private static <T> List<T> twice(List<T> elements) {
    return Collections.nCopies(2, elements).stream().flatMap(List::stream).toList();
  }

  /** Every order of {@code elements}, each once however many of them are equal. */
  private static <T> List<List<T>> permutations(List<T> elements) {
    if (elements.isEmpty()) {
      return List.of(List.of());
    }
    return elements.stream()
        .distinct()
        .flatMap(head -> {
          var rest = new ArrayList<>(elements);
          rest.remove(head);
          return permutations(rest).stream()
              .map(tail -> Stream.concat(Stream.of(head), tail.stream()).toList());
        })
        .toList();
  }
}
