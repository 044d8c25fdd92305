package io.smartdoor.messaging.idempotency;

import static org.assertj.core.api.Assertions.assertThat;

import io.smartdoor.events.IdempotencyKey;
import io.smartdoor.messaging.idempotency.Claim.AlreadyHandled;
import io.smartdoor.messaging.idempotency.Claim.Granted;
import io.smartdoor.messaging.idempotency.Claim.HeldElsewhere;
import io.smartdoor.messaging.testing.SettableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every store promises. */
abstract class IdempotencyStoreContract {

  static final Duration LEASE = Duration.ofSeconds(20);
  static final Instant CLAIMED_AT = Instant.parse("2026-01-31T12:00:00.123Z");

  final SettableClock clock = new SettableClock(CLAIMED_AT);
  final EventKey key = keyOf("Door Status");
  IdempotencyStore store;

  @SuppressWarnings("NullAway.Init") // JUnit calls setUp
  IdempotencyStoreContract() {}

  /** A store over records that other tests may share, but not their keys. */
  abstract IdempotencyStore store();

  @BeforeEach
  void setUp() {
    store = store();
  }

  @Test
  void grantsANewEventUntilTheLeaseEnds() {
    var granted = granted(store.claim(key));

    assertThat(granted.until()).isEqualTo(CLAIMED_AT.plus(LEASE));
    assertThat(granted.attempt()).isEqualTo(1);
  }

  @Test
  void givesEveryGrantATokenOfItsOwn() {
    assertThat(granted(store.claim(key)).token())
        .isNotEqualTo(granted(store.claim(keyOf("Door Status"))).token());
  }

  @Test
  void tellsOthersUntilWhenAnEventIsHeld() {
    store.claim(key);
    clock.advance(LEASE.minusMillis(1));

    assertThat(store.claim(key)).isEqualTo(new HeldElsewhere(CLAIMED_AT.plus(LEASE)));
  }

  @Test
  void letsAnotherTakeOverWhenTheLeaseHasEnded() {
    var first = granted(store.claim(key));
    clock.advance(LEASE);

    var second = granted(store.claim(key));

    assertThat(second.token()).isNotEqualTo(first.token());
    assertThat(second.attempt()).isEqualTo(2);
    assertThat(second.until()).isEqualTo(CLAIMED_AT.plus(LEASE).plus(LEASE));
  }

  @Test
  void remembersForGoodThatAnEventWasHandled() {
    var granted = granted(store.claim(key));
    clock.advance(Duration.ofSeconds(1));
    assertThat(store.complete(key, granted.token())).isTrue();

    for (var later : List.of(Duration.ZERO, LEASE, Duration.ofDays(60))) {
      clock.advance(later);
      assertThat(store.claim(key)).isEqualTo(new AlreadyHandled(CLAIMED_AT.plusSeconds(1)));
    }
  }

  @Test
  void completesForAHolderWhoseLeaseHasEndedButWasNotTakenOver() {
    var granted = granted(store.claim(key));
    clock.advance(LEASE.multipliedBy(2));

    assertThat(store.complete(key, granted.token())).isTrue();
    assertThat(store.claim(key)).isInstanceOf(AlreadyHandled.class);
  }

  @Test
  void completesNothingForAHolderThatAnotherTookOverFrom() {
    var first = granted(store.claim(key));
    clock.advance(LEASE);
    var second = granted(store.claim(key));

    assertThat(store.complete(key, first.token())).isFalse();
    assertThat(store.claim(key)).isEqualTo(new HeldElsewhere(second.until()));
    assertThat(store.complete(key, second.token())).isTrue();
  }

  @Test
  void completesNothingForAHolderThatAnotherHandledInsteadOf() {
    var first = granted(store.claim(key));
    clock.advance(LEASE);
    store.complete(key, granted(store.claim(key)).token());
    clock.advance(LEASE);

    assertThat(store.complete(key, first.token())).isFalse();
    assertThat(store.claim(key)).isEqualTo(new AlreadyHandled(CLAIMED_AT.plus(LEASE)));
  }

  @Test
  void releasesNothingForAHolderThatAnotherTookOverFrom() {
    var first = granted(store.claim(key));
    clock.advance(LEASE);
    var second = granted(store.claim(key));

    for (var how : Release.values()) {
      assertThat(store.release(key, first.token(), how)).isFalse();
    }
    assertThat(store.claim(key)).isEqualTo(new HeldElsewhere(second.until()));
  }

  @Test
  void releasesNothingThatWasHandled() {
    var granted = granted(store.claim(key));
    store.complete(key, granted.token());

    assertThat(store.release(key, granted.token(), Release.CLEAN)).isFalse();
    assertThat(store.claim(key)).isInstanceOf(AlreadyHandled.class);
  }

  @Test
  void completesNothingThatWasReleased() {
    var granted = granted(store.claim(key));
    store.release(key, granted.token(), Release.COUNTED);

    assertThat(store.complete(key, granted.token())).isFalse();
    assertThat(store.claim(key)).isInstanceOf(Granted.class);
  }

  @Test
  void knowsNothingOfAnEventThatNobodyClaimed() {
    var stranger = new ClaimToken(UUID.randomUUID());

    assertThat(store.complete(key, stranger)).isFalse();
    assertThat(store.release(key, stranger, Release.CLEAN)).isFalse();
    assertThat(granted(store.claim(key)).attempt()).isEqualTo(1);
  }

  @Test
  void grantsAReleasedEventAtOnce() {
    for (var how : Release.values()) {
      assertThat(store.release(key, granted(store.claim(key)).token(), how)).isTrue();
    }

    assertThat(store.claim(key)).isInstanceOf(Granted.class);
  }

  @Test
  void takesAnAttemptBackThatWasReleasedClean() {
    for (var i = 0; i < 3; i++) {
      var granted = granted(store.claim(key));
      assertThat(granted.attempt()).isEqualTo(1);
      store.release(key, granted.token(), Release.CLEAN);
    }
  }

  @Test
  void countsAnAttemptThatBrokeOrWasNeverReleased() {
    store.release(key, granted(store.claim(key)).token(), Release.COUNTED);
    assertThat(granted(store.claim(key)).attempt()).isEqualTo(2);
    clock.advance(LEASE);

    var third = granted(store.claim(key));
    assertThat(third.attempt()).isEqualTo(3);
    store.release(key, third.token(), Release.CLEAN);

    assertThat(granted(store.claim(key)).attempt()).isEqualTo(3);
  }

  @Test
  void startsCountingAnewWhenARejectedEventComesBack() {
    store.release(key, granted(store.claim(key)).token(), Release.COUNTED);
    store.release(key, granted(store.claim(key)).token(), Release.REJECTED);

    assertThat(granted(store.claim(key)).attempt()).isEqualTo(1);
  }

  @Test
  void answersARepeatedCallAsTheFirst() {
    var granted = granted(store.claim(key));
    assertThat(store.release(key, granted.token(), Release.CLEAN)).isTrue();
    assertThat(store.release(key, granted.token(), Release.CLEAN)).isTrue();

    var again = granted(store.claim(key));
    assertThat(again.attempt()).isEqualTo(1);
    assertThat(store.complete(key, again.token())).isTrue();
    clock.advance(Duration.ofSeconds(1));
    assertThat(store.complete(key, again.token())).isTrue();

    assertThat(store.claim(key)).isEqualTo(new AlreadyHandled(CLAIMED_AT));
  }

  @Test
  void holdsARenewedClaimForAWholeLeaseMore() {
    var granted = granted(store.claim(key));
    clock.advance(LEASE.minusSeconds(1));
    var until = clock.instant().plus(LEASE);

    assertThat(store.renew(key, granted.token())).contains(until);
    assertThat(store.renew(key, granted.token())).contains(until);
    clock.advance(LEASE.minusMillis(1));
    assertThat(store.claim(key)).isEqualTo(new HeldElsewhere(until));
    clock.advance(Duration.ofMillis(1));
    assertThat(granted(store.claim(key)).attempt()).isEqualTo(2);
  }

  @Test
  void renewsAClaimWhoseLeaseHasEndedButWasNotTakenOver() {
    var granted = granted(store.claim(key));
    clock.advance(LEASE.multipliedBy(2));

    assertThat(store.renew(key, granted.token())).contains(clock.instant().plus(LEASE));
    assertThat(store.claim(key)).isInstanceOf(HeldElsewhere.class);
    assertThat(store.complete(key, granted.token())).isTrue();
  }

  @Test
  void renewsNothingThatAnotherTookOver() {
    var first = granted(store.claim(key));
    clock.advance(LEASE);
    var second = granted(store.claim(key));
    clock.advance(Duration.ofSeconds(1));

    assertThat(store.renew(key, first.token())).isEmpty();
    assertThat(store.claim(key)).isEqualTo(new HeldElsewhere(second.until()));
  }

  @Test
  void renewsNothingThatWasReleasedOrHandledOrNeverClaimed() {
    var stranger = new ClaimToken(UUID.randomUUID());
    assertThat(store.renew(key, stranger)).isEmpty();
    var released = granted(store.claim(key));
    store.release(key, released.token(), Release.COUNTED);
    assertThat(store.renew(key, released.token())).isEmpty();

    var handled = granted(store.claim(key));
    store.complete(key, handled.token());
    assertThat(store.renew(key, handled.token())).isEmpty();
    assertThat(store.claim(key)).isInstanceOf(AlreadyHandled.class);
  }

  @Test
  void keepsKindsOfEventsApartThatUseTheSameKey() {
    var sameKeyOtherKind = new EventKey("Person Identified", key.key());
    store.complete(key, granted(store.claim(key)).token());

    var granted = granted(store.claim(sameKeyOtherKind));
    assertThat(store.complete(sameKeyOtherKind, granted.token())).isTrue();
  }

  @Test
  void answersAsTheModelDoesInEveryHistory() {
    new ClaimHistories(store, clock, LEASE).agreeWithTheModel(20, 40);
  }

  @Test
  void grantsToExactlyOneOf32WhoRace() throws Exception {
    for (var round = 0; round < 5; round++) {
      var raced = keyOf("Door Status");
      var claims = race(32, () -> store.claim(raced));

      var winners = claims.stream().filter(Granted.class::isInstance).toList();
      assertThat(winners).hasSize(1);
      assertThat(claims).filteredOn(HeldElsewhere.class::isInstance).hasSize(31);
      assertThat(store.complete(raced, ((Granted) winners.getFirst()).token())).isTrue();
    }
  }

  @Test
  void grantsTheTakeOverToExactlyOneOf32WhoRace() throws Exception {
    store.claim(key);
    clock.advance(LEASE);

    var claims = race(32, () -> store.claim(key));

    assertThat(claims).filteredOn(Granted.class::isInstance).hasSize(1);
    assertThat(claims)
        .filteredOn(Granted.class::isInstance)
        .allMatch(claim -> ((Granted) claim).attempt() == 2);
  }

  private static <T> List<T> race(int runners, Callable<T> run) throws Exception {
    var start = new CyclicBarrier(runners);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var futures =
          IntStream.range(0, runners)
              .mapToObj(_ ->
                  threads.submit(() -> {
                    start.await();
                    return run.call();
                  }))
              .toList();
      var results = new ArrayList<T>();
      for (var future : futures) {
        results.add(future.get());
      }
      return results;
    }
  }

  static Granted granted(Claim claim) {
    assertThat(claim).isInstanceOf(Granted.class);
    return (Granted) claim;
  }

  static EventKey keyOf(String detailType) {
    return new EventKey(detailType, new IdempotencyKey(UUID.randomUUID()));
  }
}
