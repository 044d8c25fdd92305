package io.smartdoor.messaging.consuming;

import static io.smartdoor.messaging.consuming.Openings.aKey;
import static io.smartdoor.messaging.consuming.Openings.opening;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.smartdoor.events.IdempotencyKey;
import io.smartdoor.events.ReceivedEvent;
import io.smartdoor.messaging.Backoff;
import io.smartdoor.messaging.consuming.Disposition.Cause;
import io.smartdoor.messaging.consuming.Disposition.DeadLettered;
import io.smartdoor.messaging.consuming.Disposition.Handled;
import io.smartdoor.messaging.consuming.Disposition.LeftOnQueue;
import io.smartdoor.messaging.consuming.Disposition.RejectedBy;
import io.smartdoor.messaging.consuming.FaultyStore.Operation;
import io.smartdoor.messaging.consuming.RecordedDelivery.Step;
import io.smartdoor.messaging.idempotency.Claim.Granted;
import io.smartdoor.messaging.idempotency.Claim.HeldElsewhere;
import io.smartdoor.messaging.idempotency.ClaimToken;
import io.smartdoor.messaging.idempotency.EventKey;
import io.smartdoor.messaging.idempotency.Release;
import io.smartdoor.messaging.testing.InMemoryIdempotencyStore;
import io.smartdoor.messaging.testing.SettableClock;
import io.smartdoor.messaging.tracing.Traces;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What happens while a handler works; the handler itself lets the time pass. */
class VigilTest {

  private static final Instant NOW = Instant.parse("2026-01-31T12:00:00Z");
  private static final Duration LEASE = Duration.ofSeconds(20);
  private static final Duration THIRD = Duration.ofSeconds(7);

  private final SettableClock clock = new SettableClock(NOW);
  private final FaultyStore store = new FaultyStore(new InMemoryIdempotencyStore(clock, LEASE));
  private final Vigil vigil = Vigils.over(store, clock, LEASE);
  private final IdempotencyKey key = aKey();
  private final EventKey eventKey = new EventKey("Door Status", key);
  private final RecordedDelivery delivery = new RecordedDelivery(opening(key));

  @AfterEach
  void nothingInterruptsAThreadThatHandlesNothing() {
    assertThat(Thread.interrupted()).isFalse();
    assertThat(vigil.isOverNothing()).isTrue();
  }

  @Test
  void makesNoCallForAQuickHandler() {
    var disposition =
        receive(() -> {
          pass(LEASE.dividedBy(3).minusSeconds(1));
          return HandlingOutcome.done();
        });

    assertThat(disposition).isEqualTo(new Handled());
    assertThat(store.calls).containsExactly(Operation.CLAIM, Operation.COMPLETE);
    assertThat(delivery.steps).containsExactly(Step.ACKNOWLEDGE);
  }

  @Test
  void renewsTheClaimFromAThirdOfTheLeaseOn() {
    receive(() -> {
      pass(THIRD);
      assertThat(store.calls).containsExactly(Operation.CLAIM, Operation.RENEW);
      assertThat(store.claim(eventKey)).isEqualTo(new HeldElsewhere(NOW.plus(THIRD).plus(LEASE)));
      return HandlingOutcome.done();
    });
  }

  @Test
  void hidesTheMessageAnewFromAThirdOfItsVisibilityOn() {
    receive(() -> {
      pass(Vigils.VISIBILITY.dividedBy(3).minusSeconds(1));
      assertThat(delivery.hidden).isEmpty();
      pass(Duration.ofSeconds(1));
      assertThat(delivery.hidden).containsExactly(Vigils.VISIBILITY);
      return HandlingOutcome.done();
    });
  }

  @Test
  void keepsAnEventForAHandlerThatTakesManyLeases() {
    var disposition =
        receive(() -> {
          for (var i = 0; i < 30; i++) {
            pass(THIRD);
          }
          return HandlingOutcome.done();
        });

    assertThat(disposition).isEqualTo(new Handled());
    assertThat(store.calls).filteredOn(Operation.RENEW::equals).hasSize(30);
    assertThat(delivery.hidden).hasSizeBetween(14, 21);
    assertThat(delivery.steps.getLast()).isEqualTo(Step.ACKNOWLEDGE);
  }

  @Test
  void interruptsAHandlerWhoseClaimAnotherTookOver() {
    var disposition =
        receive(() -> {
          clock.advance(LEASE);
          store.claim(eventKey);
          vigil.look();
          return interrupted();
        });

    assertThat(disposition).isEqualTo(new LeftOnQueue(Cause.LEASE_LOST, Optional.empty()));
    assertThat(delivery.steps).isEmpty();
    assertThat(store.claim(eventKey)).isInstanceOf(HeldElsewhere.class);
  }

  @Test
  void keepsTheClaimOfAProcessThatWasPausedIfNobodyTookOver() {
    var disposition =
        receive(() -> {
          pass(LEASE.multipliedBy(3));
          return HandlingOutcome.done();
        });

    assertThat(disposition).isEqualTo(new Handled());
  }

  @Test
  void triesToRenewUntilTheLeaseHasEnded() {
    var disposition =
        receive(() -> {
          store.failing.add(Operation.RENEW);
          pass(THIRD);
          pass(LEASE.minus(THIRD).minusMillis(1));
          assertThat(Thread.currentThread().isInterrupted()).isFalse();
          store.failing.clear();
          vigil.look();
          pass(LEASE.minusSeconds(1));
          return HandlingOutcome.done();
        });

    assertThat(disposition).isEqualTo(new Handled());
  }

  @Test
  void interruptsAHandlerWhoseLeaseEndedWhileTheStoreWasOutOfReach() {
    var disposition =
        receive(() -> {
          store.failing.add(Operation.RENEW);
          pass(LEASE);
          return interrupted();
        });

    assertThat(disposition).isEqualTo(new LeftOnQueue(Cause.LEASE_LOST, Optional.empty()));
    assertThat(attempt()).isEqualTo(1);
  }

  @Test
  void hidesTheMessageAndEndsAHandlerWhileARenewalHangs() {
    var calls = new ArrayDeque<Runnable>();
    var patient = Vigils.over(store, clock, LEASE, calls::add);
    var disposition =
        receive(
            patient,
            () -> {
              clock.advance(THIRD);
              patient.look();
              var renewal = calls.remove();
              clock.advance(Vigils.VISIBILITY.dividedBy(3).minus(THIRD));
              patient.look();
              assertThat(calls).hasSize(1);
              calls.remove().run();
              assertThat(delivery.hidden).containsExactly(Vigils.VISIBILITY);

              clock.advance(LEASE.minus(Vigils.VISIBILITY.dividedBy(3)).minusMillis(1));
              patient.look();
              assertThat(Thread.currentThread().isInterrupted()).isFalse();
              clock.advance(Duration.ofMillis(1));
              patient.look();
              var outcome = interrupted();
              renewal.run();
              return outcome;
            });

    assertThat(disposition).isEqualTo(new LeftOnQueue(Cause.LEASE_LOST, Optional.empty()));
    assertThat(patient.isOverNothing()).isTrue();
  }

  @Test
  void countsAHandlerThatHangsAsAFailedAttempt() {
    var disposition =
        receive(() -> {
          hang();
          return interrupted();
        });

    assertThat(disposition)
        .isEqualTo(new LeftOnQueue(Cause.HANDLER_FAILED, Optional.of(Duration.ofSeconds(1))));
    assertThat(attempt()).isEqualTo(2);
  }

  @Test
  void countsAHandlerThatHangsAndAsksForARetryAsAFailedAttempt() {
    var disposition =
        receive(() -> {
          hang();
          return HandlingOutcome.retryLater(Duration.ofSeconds(3));
        });

    assertThat(disposition)
        .isEqualTo(new LeftOnQueue(Cause.HANDLER_FAILED, Optional.of(Duration.ofSeconds(1))));
  }

  @Test
  void givesAnEventUpThatHangsEveryTime() {
    store.release(eventKey, granted(), Release.COUNTED);
    store.release(eventKey, granted(), Release.COUNTED);

    var disposition =
        receive(() -> {
          hang();
          return interrupted();
        });

    assertThat(disposition)
        .isEqualTo(new DeadLettered("attempts-exhausted", RejectedBy.ATTEMPTS_EXHAUSTED));
  }

  @Test
  void keepsNothingForAHandlerThatHeedsNoInterrupt() {
    receive(() -> {
      hang();
      var calls = store.calls.size();
      var hidden = delivery.hidden.size();
      pass(LEASE.multipliedBy(2));
      assertThat(store.calls).hasSize(calls);
      assertThat(delivery.hidden).hasSize(hidden);
      assertThat(store.claim(eventKey)).isInstanceOf(Granted.class);
      return HandlingOutcome.done();
    });

    assertThat(delivery.steps).doesNotContain(Step.ACKNOWLEDGE);
  }

  @Test
  void takesADoneFromAHandlerThatWasInterruptedTooLate() {
    var disposition =
        receive(() -> {
          hang();
          return HandlingOutcome.done();
        });

    assertThat(disposition).isEqualTo(new Handled());
  }

  @Test
  void givesBackAtOnceWhatAStopInterrupts() {
    var disposition =
        receive(() -> {
          vigil.interruptAll();
          return interrupted();
        });

    assertThat(disposition).isEqualTo(new LeftOnQueue(Cause.STOPPING, Optional.of(Duration.ZERO)));
    assertThat(delivery.hidden).containsExactly(Duration.ZERO);
    assertThat(attempt()).isEqualTo(1);
  }

  @Test
  void beginsNoHandlerOnceItStops() {
    vigil.interruptAll();

    var disposition =
        receive(() -> {
          throw new AssertionError("it was called");
        });

    assertThat(disposition).isEqualTo(new LeftOnQueue(Cause.STOPPING, Optional.of(Duration.ZERO)));
    assertThat(attempt()).isEqualTo(1);
  }

  @Test
  void givesBackWhatAHandlerHoldsThatHeedsNoInterrupt() {
    var disposition =
        receive(() -> {
          vigil.interruptAll();
          vigil.handBack();
          assertThat(delivery.hidden).containsExactly(Duration.ZERO);
          assertThat(attempt()).isEqualTo(1);
          return HandlingOutcome.done();
        });

    assertThat(disposition).isEqualTo(new LeftOnQueue(Cause.LEASE_LOST, Optional.empty()));
    assertThat(delivery.steps).containsExactly(Step.HIDE);
  }

  @Test
  void hidesNothingAnewThatGoesBackToTheQueue() {
    var inHand = vigil.over(delivery);
    inHand.hideFor(Duration.ofMinutes(5));
    pass(Vigils.VISIBILITY);

    assertThat(delivery.hidden).containsExactly(Duration.ofMinutes(5));
    inHand.close();
  }

  @Test
  void hidesAnewWhatIsNotClaimedYet() {
    var inHand = vigil.over(delivery);
    pass(Duration.ofSeconds(10));
    delivery.failingAt(Step.HIDE);
    pass(Duration.ofSeconds(10));
    delivery.failing.clear();
    vigil.look();

    assertThat(delivery.hidden).containsExactly(Vigils.VISIBILITY, Vigils.VISIBILITY);
    assertThat(store.calls).isEmpty();
    inHand.close();
  }

  @Test
  void looksSeveralTimesBeforeAnythingEnds() {
    assertThat(interval(Duration.ofSeconds(24), Duration.ofSeconds(60)))
        .isEqualTo(Duration.ofSeconds(2));
    assertThat(interval(Duration.ofSeconds(60), Duration.ofSeconds(12)))
        .isEqualTo(Duration.ofSeconds(1));
  }

  private static Duration interval(Duration lease, Duration visibility) {
    return new Vigil.Limits(lease, visibility, Duration.ofMinutes(5)).interval();
  }

  @Test
  void renewsNoMoreOftenThanIsDue() {
    receive(() -> {
      pass(THIRD);
      pass(Duration.ofSeconds(1));
      assertThat(store.calls).containsExactly(Operation.CLAIM, Operation.RENEW);
      return HandlingOutcome.done();
    });
  }

  @Test
  void waitsForARenewalOfAProcessThatWasPaused() {
    var calls = new ArrayDeque<Runnable>();
    var patient = Vigils.over(store, clock, LEASE, calls::add);
    var disposition =
        receive(
            patient,
            () -> {
              clock.advance(LEASE.multipliedBy(3));
              patient.look();
              assertThat(Thread.currentThread().isInterrupted()).isFalse();
              assertThat(calls).hasSize(2);
              calls.remove().run();
              return HandlingOutcome.done();
            });

    assertThat(disposition).isEqualTo(new Handled());
  }

  @Test
  void looksAgainAfterALookThatFailed() {
    var broken = new AtomicBoolean(true);
    var vigil =
        Vigils.over(
            store,
            clock,
            LEASE,
            task -> {
              if (broken.get()) {
                throw new OutOfMemoryError("no thread");
              }
              task.run();
            });
    receive(
        vigil,
        () -> {
          clock.advance(THIRD);
          vigil.look();
          broken.set(false);
          vigil.look();
          assertThat(store.calls).containsExactly(Operation.CLAIM, Operation.RENEW);
          return HandlingOutcome.done();
        });
  }

  @Test
  void hidesOnAThreadOfItsOwnAndLetsOthersHideAfterIt() {
    var vigil = Vigils.over(store, clock, LEASE, task -> join(Thread.ofVirtual().start(task)));
    var inHand = vigil.over(delivery);
    clock.advance(Vigils.VISIBILITY.dividedBy(2));
    vigil.look();

    inHand.hideFor(Duration.ofSeconds(3));

    assertThat(delivery.hidden).containsExactly(Vigils.VISIBILITY, Duration.ofSeconds(3));
    inHand.close();
  }

  @Test
  void hidesNothingThatWasSettledWhileACallWasToBegin() {
    var calls = new ArrayDeque<Runnable>();
    var vigil = Vigils.over(store, clock, LEASE, calls::add);
    var inHand = vigil.over(delivery);
    clock.advance(Vigils.VISIBILITY.dividedBy(2));
    vigil.look();

    inHand.hideFor(Duration.ZERO);
    join(Thread.ofVirtual().start(calls.remove()));

    assertThat(delivery.hidden).containsExactly(Duration.ZERO);
    inHand.close();
  }

  @Test
  void hidesNothingThatIsNoLongerInHand() {
    var calls = new ArrayDeque<Runnable>();
    var vigil = Vigils.over(store, clock, LEASE, calls::add);
    var inHand = vigil.over(delivery);
    clock.advance(Vigils.VISIBILITY.dividedBy(2));
    vigil.look();

    inHand.close();
    calls.remove().run();

    assertThat(delivery.hidden).isEmpty();
  }

  @Test
  void givesBackWhatNoHandlerHasBegunWith() {
    var inHand = vigil.over(delivery);
    assertThat(vigil.isOverNothing()).isFalse();

    inHand.handBack();

    assertThat(delivery.hidden).containsExactly(Duration.ZERO);
    assertThat(store.calls).isEmpty();
    inHand.close();
  }

  @Test
  void givesNothingBackWhoseOutcomeIsBeingWrittenDown() {
    var inHand = vigil.over(delivery);
    inHand.begin(eventKey, (Granted) store.claim(eventKey));
    inHand.end();

    inHand.handBack();

    assertThat(delivery.hidden).isEmpty();
    assertThat(store.calls).containsExactly(Operation.CLAIM);
    inHand.close();
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void hang() {
    for (var i = 0; i < 50; i++) {
      pass(Duration.ofSeconds(6));
    }
    assertThat(Thread.currentThread().isInterrupted()).isTrue();
  }

  private void pass(Duration duration) {
    clock.advance(duration);
    vigil.look();
  }

  /** What a handler does that waits for something. */
  private static HandlingOutcome interrupted() {
    assertThat(Thread.currentThread().isInterrupted()).isTrue();
    throw new IllegalStateException("interrupted");
  }

  private Disposition receive(Supplier<HandlingOutcome> handler) {
    return receive(vigil, handler);
  }

  private Disposition receive(Vigil over, Supplier<HandlingOutcome> handler) {
    EventHandler<ReceivedEvent> handling = _ -> handler.get();
    return new QueueConsumer<>(
            new Subscription<>("notification", "queue", "dlq", Openings.DECODER, handling),
            store,
            clock,
            new Backoff(Duration.ofSeconds(2), Duration.ofMinutes(15), () -> 0),
            3,
            new ConsumerMetrics(new SimpleMeterRegistry(), "notification"),
            over,
            Traces.off())
        .receive(delivery);
  }

  private ClaimToken granted() {
    return ((Granted) store.claim(eventKey)).token();
  }

  /** Which attempt the next grant would be. */
  private int attempt() {
    return ((Granted) store.claim(eventKey)).attempt();
  }
}
