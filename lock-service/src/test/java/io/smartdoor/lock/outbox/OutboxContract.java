package io.smartdoor.lock.outbox;

import static io.smartdoor.lock.outbox.OutboxFixture.LEASE;
import static io.smartdoor.lock.outbox.OutboxFixture.NOW;
import static io.smartdoor.lock.outbox.OutboxFixture.aDoor;
import static io.smartdoor.lock.outbox.OutboxFixture.aKey;
import static io.smartdoor.lock.outbox.OutboxFixture.anOpeningOf;
import static org.assertj.core.api.Assertions.assertThat;

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

/** What every outbox promises. Tests share one and so look only at doors and keys of their own. */
abstract class OutboxContract {

  private static final int RACERS = 32;
  private static final Instant AFTER_LEASE = NOW.plus(LEASE);

  /** The outbox under test; a test calls it once. */
  abstract Outbox outbox();

  /** The same outbox as its relays see it. */
  abstract Backlog backlog();

  @Test
  void acceptsAnEventAndRepeatsTheAnswerForTheSameRequest() {
    var event = anOpeningOf(aDoor());
    var later =
        new AcceptedEvent(
            event.key(),
            event.door(),
            event.body(),
            event.occurredAt(),
            NOW.plusSeconds(60),
            event.outgoing());
    var receipt = new Receipt(event.key(), event.door(), NOW);

    assertThat(outbox().accept(event)).isEqualTo(new Acceptance.New(receipt));
    assertThat(outbox().accept(later)).isEqualTo(new Acceptance.Replayed(receipt));
  }

  @Test
  void refusesAKeyThatStandsForAnotherBodyOrAnotherDoor() {
    var door = aDoor();
    var key = aKey();
    outbox().accept(anOpeningOf(door, key, "{}", NOW));

    assertThat(outbox().accept(anOpeningOf(door, key, "{ }", NOW)))
        .isEqualTo(new Acceptance.Conflicting());
    assertThat(outbox().accept(anOpeningOf(aDoor(), key, "{}", NOW)))
        .isEqualTo(new Acceptance.Conflicting());
    assertThat(outbox().history(door, 10, Optional.empty()).items()).hasSize(1);
  }

  @Test
  void acceptsOneOfManySameRequestsAtOnce() throws Exception {
    var event = anOpeningOf(aDoor());

    var acceptances = race(() -> outbox().accept(event));

    assertThat(acceptances).filteredOn(Acceptance.New.class::isInstance).hasSize(1);
    assertThat(acceptances).filteredOn(Acceptance.Replayed.class::isInstance).hasSize(RACERS - 1);
    assertThat(outbox().history(event.door(), 10, Optional.empty()).items()).hasSize(1);
  }

  @Test
  void leavesAnEventToWhoAcceptedItUntilThatLeaseEnds() {
    var event = accepted();

    assertThat(due(event, AFTER_LEASE.minusMillis(1))).isEmpty();
    assertThat(due(event, AFTER_LEASE))
        .singleElement()
        .satisfies(it -> {
          assertThat(it.outgoing()).isEqualTo(event.outgoing());
          assertThat(it.since()).isEqualTo(NOW);
          assertThat(it.attempts()).isZero();
        });
  }

  @Test
  void givesAnEventToOneOfManyAtOnce() throws Exception {
    var event = accepted();
    var found = due(event, AFTER_LEASE).getFirst();
    var until = AFTER_LEASE.plus(LEASE);

    var leases = race(() -> backlog().lease(found, AFTER_LEASE, until));

    assertThat(leases).filteredOn(Optional::isPresent).hasSize(1);
    assertThat(due(event, until.minusMillis(1))).isEmpty();
    assertThat(due(event, until)).hasSize(1);
  }

  @Test
  void isDoneWithAnEventThatIsPublished() {
    var event = accepted();
    var held = PendingEvent.accepted(event, LEASE);

    backlog().settle(held, published(NOW.plusSeconds(1)));
    backlog().settle(held, published(NOW.plusSeconds(2)));

    assertThat(due(event, Instant.MAX)).isEmpty();
    assertThat(backlog().lease(held, AFTER_LEASE, AFTER_LEASE.plus(LEASE))).isEmpty();
    assertThat(outbox().newest(event.door()).flatMap(RecordedEvent::publishedAt))
        .hasValue(NOW.plusSeconds(1));
    assertThat(outbox().accept(event)).isInstanceOf(Acceptance.Replayed.class);
  }

  @Test
  void offersAnEventAgainWhenItsRetryIsDue() {
    var event = accepted();
    var again = NOW.plusSeconds(3);

    backlog().settle(PendingEvent.accepted(event, LEASE), new Settlement.RetryAt(again));

    assertThat(due(event, again.minusMillis(1))).isEmpty();
    assertThat(due(event, again)).extracting(PendingEvent::attempts).containsExactly(1);
  }

  @Test
  void doesNotLetWhoLostItsLeaseArrangeARetry() {
    var event = accepted();
    var late = PendingEvent.accepted(event, LEASE);
    var until = AFTER_LEASE.plus(LEASE);
    backlog().lease(late, AFTER_LEASE, until);

    backlog().settle(late, new Settlement.RetryAt(AFTER_LEASE));

    assertThat(due(event, AFTER_LEASE.plusSeconds(1))).isEmpty();
    assertThat(due(event, until)).extracting(PendingEvent::attempts).containsExactly(0);
  }

  @Test
  void parksWhatTheBusRefusesForGood() {
    var before = backlog().survey();
    var event = accepted();
    var held = PendingEvent.accepted(event, LEASE);

    backlog().settle(held, parked());

    assertThat(due(event, Instant.MAX)).isEmpty();
    assertThat(backlog().survey().parked()).isEqualTo(before.parked() + 1);
    assertThat(backlog().survey().pending()).isEqualTo(before.pending());
    assertThat(outbox().newest(event.door()).flatMap(RecordedEvent::parkedCode))
        .hasValue("MalformedDetail");
  }

  @Test
  void letsPublishedStandOverParkedInEitherOrder() {
    var first = accepted();
    var second = accepted();

    backlog().settle(PendingEvent.accepted(first, LEASE), parked());
    backlog().settle(PendingEvent.accepted(first, LEASE), published(NOW));
    backlog().settle(PendingEvent.accepted(second, LEASE), published(NOW));
    backlog().settle(PendingEvent.accepted(second, LEASE), parked());

    for (var event : List.of(first, second)) {
      var recorded = outbox().newest(event.door()).orElseThrow();
      assertThat(recorded.publishedAt()).hasValue(NOW);
      assertThat(recorded.parkedCode()).isEmpty();
    }
  }

  @Test
  void countsWhatIsPending() {
    var before = backlog().survey();

    var event = accepted();

    assertThat(backlog().survey().pending()).isEqualTo(before.pending() + 1);
    assertThat(backlog().oldest()).hasValueSatisfying(it -> assertThat(it).isBeforeOrEqualTo(NOW));
    backlog().settle(PendingEvent.accepted(event, LEASE), published(NOW));
    assertThat(backlog().survey().pending()).isEqualTo(before.pending());
  }

  @Test
  void listsADoorsEventsByWhenTheyOccurredWhateverTheOrderOfTheirArrival() {
    var door = aDoor();
    var second = anOpeningOf(door, NOW.minusSeconds(2));
    var newest = anOpeningOf(door, NOW);
    var oldest = anOpeningOf(door, Instant.EPOCH);
    List.of(second, newest, oldest).forEach(outbox()::accept);
    outbox().accept(anOpeningOf(aDoor(), NOW.plusSeconds(1)));

    assertThat(outbox().newest(door).map(RecordedEvent::key)).hasValue(newest.key());
    assertThat(outbox().history(door, 10, Optional.empty()).items())
        .extracting(RecordedEvent::key)
        .containsExactly(newest.key(), second.key(), oldest.key());
  }

  @Test
  void listsEveryEventOnceOverAllPages() {
    var door = aDoor();
    // Two in the same millisecond, and two whose times are written with and without a fraction.
    var times =
        List.of(
            NOW,
            NOW,
            Instant.parse("2026-01-31T11:00:00Z"),
            Instant.parse("2026-01-31T11:00:00.001Z"),
            Instant.parse("2026-01-31T11:00:01Z"));
    var events = times.stream().map(it -> anOpeningOf(door, it)).toList();
    events.forEach(outbox()::accept);

    var listed = new ArrayList<RecordedEvent>();
    var page = outbox().history(door, 2, Optional.empty());
    listed.addAll(page.items());
    while (page.next().isPresent()) {
      assertThat(page.items()).hasSize(2);
      page = outbox().history(door, 2, page.next());
      listed.addAll(page.items());
    }

    assertThat(listed)
        .extracting(RecordedEvent::key)
        .containsExactlyInAnyOrderElementsOf(events.stream().map(AcceptedEvent::key).toList());
    assertThat(listed)
        .extracting(RecordedEvent::occurredAt)
        .isSortedAccordingTo((a, b) -> b.compareTo(a));
  }

  @Test
  void namesNoNextPageWhereTheListEndsWithThePage() {
    var door = aDoor();
    outbox().accept(anOpeningOf(door, NOW));
    outbox().accept(anOpeningOf(door, NOW.minusSeconds(1)));

    assertThat(outbox().history(door, 2, Optional.empty()).next()).isEmpty();
    assertThat(outbox().history(aDoor(), 2, Optional.empty()).items()).isEmpty();
    assertThat(outbox().newest(aDoor())).isEmpty();
  }

  private AcceptedEvent accepted() {
    var event = anOpeningOf(aDoor());
    outbox().accept(event);
    return event;
  }

  private static Settlement published(Instant at) {
    return new Settlement.Published(at, at.plus(Duration.ofDays(90)));
  }

  private static Settlement parked() {
    return new Settlement.Parked(NOW, "MalformedDetail", "Detail is malformed.");
  }

  /** This event among those that are due. */
  private List<PendingEvent> due(AcceptedEvent event, Instant now) {
    var at = now.equals(Instant.MAX) ? NOW.plus(Duration.ofDays(1000)) : now;
    return IntStream.range(0, Backlog.SHARDS)
        .mapToObj(it -> backlog().due(it, at))
        .flatMap(pages -> StreamSupport.stream(pages.spliterator(), false))
        .flatMap(List::stream)
        .filter(it -> it.key().equals(event.key()))
        .toList();
  }

  private static <T> List<T> race(Callable<T> racer) throws Exception {
    var start = new CountDownLatch(1);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var running =
          IntStream.range(0, RACERS)
              .mapToObj(i ->
                  threads.submit(() -> {
                    start.await();
                    return racer.call();
                  }))
              .toList();
      start.countDown();
      var results = new ArrayList<T>();
      for (var each : running) {
        results.add(each.get());
      }
      return results;
    }
  }
}
