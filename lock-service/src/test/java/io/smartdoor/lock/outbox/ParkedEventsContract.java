package io.smartdoor.lock.outbox;

import static io.smartdoor.lock.outbox.OutboxFixture.LEASE;
import static io.smartdoor.lock.outbox.OutboxFixture.NOW;
import static io.smartdoor.lock.outbox.OutboxFixture.aDoor;
import static io.smartdoor.lock.outbox.OutboxFixture.aKey;
import static io.smartdoor.lock.outbox.OutboxFixture.anOpeningOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smartdoor.events.IdempotencyKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every implementation promises of parked events. Tests look only at keys of their own. */
abstract class ParkedEventsContract {

  private static final DropReason REASON = new DropReason("a door that was scrapped");
  private static final Instant LATER = NOW.plusSeconds(600);
  private static final Instant EXPIRY = LATER.plus(Duration.ofDays(90));

  abstract Outbox outbox();

  abstract Backlog backlog();

  abstract ParkedEvents parkedEvents();

  @Test
  void showsAParkedEventAsItWasToBePublishedAndWhyItWasNot() {
    var event = parked(NOW);

    assertThat(parkedEvents().find(event.key()))
        .hasValue(
            new ParkedEvent(
                event.key(),
                event.door(),
                event.outgoing(),
                NOW,
                NOW,
                "MalformedDetail",
                "Detail is malformed."));
    assertThat(listed(100)).contains(event.key());
  }

  @Test
  void showsNeitherWhatIsPendingNorWhatIsPublished() {
    var pending = accepted();
    var published = accepted();
    backlog().settle(held(published), published());

    for (var event : List.of(pending, published)) {
      assertThat(parkedEvents().find(event.key())).isEmpty();
      assertThat(listed(100)).doesNotContain(event.key());
    }
    assertThat(parkedEvents().find(aKey())).isEmpty();
  }

  @Test
  void listsEachOnceInTheOrderOfParkingAlsoWithinAMillisecond() {
    var events =
        List.of(parked(NOW.plusSeconds(1)), parked(NOW), parked(NOW), parked(NOW.minusSeconds(1)));

    var listed = listed(1);

    assertThat(listed)
        .containsAll(events.stream().map(AcceptedEvent::key).toList())
        .doesNotHaveDuplicates();
    assertThat(listed.indexOf(events.get(3).key())).isLessThan(listed.indexOf(events.get(1).key()));
    assertThat(listed.indexOf(events.get(2).key())).isLessThan(listed.indexOf(events.get(0).key()));
  }

  @Test
  void goesOnAfterAPositionThatIsNoLongerParked() {
    var events = List.of(parked(NOW), parked(NOW.plusMillis(1)), parked(NOW.plusMillis(2)));
    var position = new HistoryPosition(NOW.plusMillis(1), events.get(1).key());
    parkedEvents().redrive(events.get(1).key(), LATER);

    var after = parkedEvents().page(100, Optional.of(position));

    assertThat(after.items())
        .extracting(ParkedEvent::key)
        .contains(events.get(2).key())
        .doesNotContain(events.get(0).key(), events.get(1).key());
  }

  @Test
  void whatIsRedrivenIsDueAtOnceWithAllAttemptsBeforeIt() {
    var event = parked(NOW);

    assertThat(parkedEvents().redrive(event.key(), LATER)).isEqualTo(new Unparking.Done());

    assertThat(parkedEvents().find(event.key())).isEmpty();
    assertThat(due(event, LATER))
        .singleElement()
        .satisfies(it -> {
          assertThat(it.outgoing()).isEqualTo(event.outgoing());
          assertThat(it.attempts()).isZero();
        });
    assertThat(outbox().newest(event.door()).flatMap(RecordedEvent::parkedCode)).isEmpty();
  }

  @Test
  void whatIsRedrivenIsPublishedOrParkedAgain() {
    var publishable = parked(NOW);
    var hopeless = parked(NOW);
    var until = LATER.plus(LEASE);
    for (var event : List.of(publishable, hopeless)) {
      parkedEvents().redrive(event.key(), LATER);
      assertThat(backlog().lease(due(event, LATER).getFirst(), LATER, until)).isPresent();
    }

    backlog().settle(held(publishable), published());
    backlog().settle(held(hopeless), parking(LATER));

    assertThat(outbox().newest(publishable.door()).flatMap(RecordedEvent::publishedAt)).isPresent();
    assertThat(parkedEvents().find(hopeless.key()).map(ParkedEvent::parkedAt)).hasValue(LATER);
  }

  @Test
  void whatIsDroppedIsNobodysToPublishAndKeepsItsKey() {
    var before = backlog().survey().parked();
    var event = parked(NOW);

    assertThat(parkedEvents().drop(event.key(), REASON, LATER, EXPIRY))
        .isEqualTo(new Unparking.Done());

    assertThat(parkedEvents().find(event.key())).isEmpty();
    assertThat(due(event, LATER.plus(Duration.ofDays(1)))).isEmpty();
    assertThat(backlog().survey().parked()).isEqualTo(before);
    assertThat(outbox().accept(event))
        .isEqualTo(new Acceptance.Replayed(new Receipt(event.key(), event.door(), NOW)));
    assertThat(outbox().newest(event.door()).flatMap(RecordedEvent::parkedCode))
        .hasValue("MalformedDetail");
  }

  @Test
  void changesNothingThatIsNotParkedAndSaysWhatItIs() {
    var pending = accepted();
    var published = accepted();
    backlog().settle(held(published), published());
    var dropped = parked(NOW);
    parkedEvents().drop(dropped.key(), REASON, LATER, EXPIRY);

    assertThat(both(pending.key())).containsOnly(new Unparking.NotParked(Unparking.State.PENDING));
    assertThat(both(published.key()))
        .containsOnly(new Unparking.NotParked(Unparking.State.PUBLISHED));
    assertThat(both(dropped.key())).containsOnly(new Unparking.NotParked(Unparking.State.DROPPED));
    assertThat(both(aKey())).containsOnly(new Unparking.Unknown());
    assertThat(due(pending, NOW.plus(LEASE))).hasSize(1);
    assertThat(due(dropped, LATER)).isEmpty();
  }

  @Test
  void letsOneOfManyDecideAtOnce() throws Exception {
    var event = parked(NOW);

    var unparkings =
        race(
            () -> parkedEvents().redrive(event.key(), LATER),
            () -> parkedEvents().drop(event.key(), REASON, LATER, EXPIRY));

    assertThat(unparkings).filteredOn(Unparking.Done.class::isInstance).hasSize(1);
    assertThat(unparkings).filteredOn(Unparking.NotParked.class::isInstance).hasSize(RACERS - 1);
  }

  /** An instance that took the event before it was parked ends its attempt only now. */
  @Test
  void letsPublishedStandWhateverWasDecidedMeanwhile() {
    var redriven = parked(NOW);
    var dropped = parked(NOW);
    parkedEvents().redrive(redriven.key(), LATER);
    parkedEvents().drop(dropped.key(), REASON, LATER, EXPIRY);

    for (var event : List.of(redriven, dropped)) {
      backlog().settle(held(event), published());

      assertThat(due(event, LATER)).isEmpty();
      assertThat(parkedEvents().find(event.key())).isEmpty();
      assertThat(outbox().newest(event.door()).flatMap(RecordedEvent::publishedAt)).isPresent();
    }
  }

  @Test
  void doesNotParkWhatWasDropped() {
    var event = parked(NOW);
    parkedEvents().drop(event.key(), REASON, LATER, EXPIRY);

    backlog().settle(held(event), parking(LATER));

    assertThat(parkedEvents().find(event.key())).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "two\nlines", "\u0000", "\uD83D", "a\u2028b"})
  void wantsAReasonThatIsOneLine(String reason) {
    assertThatThrownBy(() -> new DropReason(reason)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new DropReason("x".repeat(257)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(new DropReason("\uD83D\uDEAA".repeat(128)).value()).hasSize(256);
  }

  private List<Unparking> both(IdempotencyKey key) {
    return List.of(
        parkedEvents().redrive(key, LATER), parkedEvents().drop(key, REASON, LATER, EXPIRY));
  }

  final AcceptedEvent accepted() {
    var event = anOpeningOf(aDoor());
    outbox().accept(event);
    return event;
  }

  final AcceptedEvent parked(Instant at) {
    var event = accepted();
    backlog().settle(held(event), parking(at));
    return event;
  }

  private static PendingEvent held(AcceptedEvent event) {
    return PendingEvent.accepted(event, LEASE);
  }

  private static Settlement parking(Instant at) {
    return new Settlement.Parked(at, "MalformedDetail", "Detail is malformed.");
  }

  private static Settlement published() {
    return new Settlement.Published(NOW, NOW.plus(Duration.ofDays(90)));
  }

  /** All pages. */
  private List<IdempotencyKey> listed(int limit) {
    var found = new ArrayList<IdempotencyKey>();
    var next = Optional.<HistoryPosition>empty();
    do {
      var page = parkedEvents().page(limit, next);
      assertThat(page.items()).hasSizeLessThanOrEqualTo(limit);
      page.items().forEach(it -> found.add(it.key()));
      next = page.next();
    } while (next.isPresent());
    return found;
  }

  private List<PendingEvent> due(AcceptedEvent event, Instant now) {
    return IntStream.range(0, Backlog.SHARDS)
        .mapToObj(it -> backlog().due(it, now))
        .flatMap(pages -> StreamSupport.stream(pages.spliterator(), false))
        .flatMap(List::stream)
        .filter(it -> it.key().equals(event.key()))
        .toList();
  }

  private static final int RACERS = 32;

  private static List<Unparking> race(Callable<Unparking> one, Callable<Unparking> other)
      throws Exception {
    var start = new CountDownLatch(1);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var running =
          IntStream.range(0, RACERS)
              .mapToObj(i ->
                  threads.submit(() -> {
                    start.await();
                    return (i % 2 == 0 ? one : other).call();
                  }))
              .toList();
      start.countDown();
      var results = new ArrayList<Unparking>();
      for (var each : running) {
        results.add(each.get());
      }
      return results;
    }
  }
}
