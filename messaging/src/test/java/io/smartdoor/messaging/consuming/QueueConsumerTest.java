package io.smartdoor.messaging.consuming;

import static io.smartdoor.messaging.consuming.Openings.aKey;
import static io.smartdoor.messaging.consuming.Openings.opening;
import static io.smartdoor.messaging.consuming.Openings.openingAcceptedAt;
import static io.smartdoor.messaging.consuming.RecordedDelivery.Step.ACKNOWLEDGE;
import static io.smartdoor.messaging.consuming.RecordedDelivery.Step.DEAD_LETTER;
import static io.smartdoor.messaging.consuming.RecordedDelivery.Step.HIDE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.smartdoor.events.IdempotencyKey;
import io.smartdoor.events.ReceivedEvent;
import io.smartdoor.messaging.Backoff;
import io.smartdoor.messaging.consuming.Disposition.Cause;
import io.smartdoor.messaging.consuming.Disposition.DeadLettered;
import io.smartdoor.messaging.consuming.Disposition.Duplicate;
import io.smartdoor.messaging.consuming.Disposition.Handled;
import io.smartdoor.messaging.consuming.Disposition.LeftOnQueue;
import io.smartdoor.messaging.consuming.Disposition.RejectedBy;
import io.smartdoor.messaging.consuming.FaultyStore.Operation;
import io.smartdoor.messaging.idempotency.Claim.Granted;
import io.smartdoor.messaging.idempotency.EventKey;
import io.smartdoor.messaging.testing.InMemoryIdempotencyStore;
import io.smartdoor.messaging.testing.RecordedTraces;
import io.smartdoor.messaging.testing.SettableClock;
import io.smartdoor.messaging.tracing.Traces;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/** Each transition of a message, from its delivery to what becomes of it. */
class QueueConsumerTest {

  private static final Instant NOW = Instant.parse("2026-01-31T12:00:00Z");
  private static final Duration LEASE = Duration.ofSeconds(20);
  private static final int MAX_ATTEMPTS = 3;
  private static final String TRACEPARENT =
      "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

  private final SettableClock clock = new SettableClock(NOW);
  private final FaultyStore store = new FaultyStore(new InMemoryIdempotencyStore(clock, LEASE));
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final RecordedTraces recorded = new RecordedTraces();
  private final Traces traces = recorded.traces();
  private final List<ReceivedEvent> handled = new ArrayList<>();
  private EventHandler<ReceivedEvent> handler = _ -> HandlingOutcome.done();

  private DoubleSupplier chance = () -> 0;
  private Duration longestDelay = Duration.ofMinutes(15);

  private final IdempotencyKey key = aKey();
  private final EventKey eventKey = new EventKey("Door Status", key);
  private final RecordedDelivery delivery = new RecordedDelivery(opening(key));

  @Test
  void acknowledgesAnEventThatWasHandled() {
    assertThat(receive(delivery)).isEqualTo(new Handled());

    assertThat(handled).hasSize(1);
    assertThat(delivery.steps).containsExactly(ACKNOWLEDGE);
  }

  @Test
  void handlesAnEventOnceThatIsDeliveredTwice() {
    receive(new RecordedDelivery(opening(key)));

    assertThat(receive(delivery)).isEqualTo(new Duplicate());
    assertThat(handled).hasSize(1);
    assertThat(delivery.steps).containsExactly(ACKNOWLEDGE);
  }

  @Test
  void leavesTheMessageOnTheQueueWhileAnotherConsumerHoldsTheClaim() {
    store.claim(eventKey);
    clock.advance(LEASE.minusSeconds(7));

    assertThat(receive(delivery)).isEqualTo(left(Cause.HELD_ELSEWHERE, Duration.ofSeconds(7)));
    assertThat(handled).isEmpty();
    assertThat(delivery.steps).containsExactly(HIDE);
  }

  @Test
  void takesOverFromAConsumerWhoseLeaseHasEnded() {
    store.claim(eventKey);
    clock.advance(LEASE);

    assertThat(receive(delivery)).isEqualTo(new Handled());
  }

  @Test
  void retriesLaterWhenTheHandlerAsksForItWithoutCountingAnAttempt() {
    handler = _ -> HandlingOutcome.retryLater(Duration.ofMinutes(3));

    for (var i = 0; i < 2 * MAX_ATTEMPTS; i++) {
      var next = new RecordedDelivery(opening(key));
      assertThat(receive(next)).isEqualTo(left(Cause.RETRY_LATER, Duration.ofMinutes(3)));
      assertThat(next.steps).containsExactly(HIDE);
    }
    assertThat(handled).hasSize(2 * MAX_ATTEMPTS);
  }

  @Test
  void waitsLongerThanAHandlerAsksForWhenItAsksOften() {
    handler = _ -> HandlingOutcome.retryLater(Duration.ofSeconds(5));

    assertThat(receive(new RecordedDelivery(opening(key), 1)))
        .isEqualTo(left(Cause.RETRY_LATER, Duration.ofSeconds(5)));
    assertThat(receive(new RecordedDelivery(opening(key), 4)))
        .isEqualTo(left(Cause.RETRY_LATER, Duration.ofSeconds(8)));
    assertThat(receive(new RecordedDelivery(opening(key), 100)))
        .isEqualTo(left(Cause.RETRY_LATER, Duration.ofSeconds(450)));
  }

  /** A queue gives a message up after 100 receives; the delays are the defaults. */
  @Test
  void outlastsAnOutageOfADayWithTheReceivesThatAQueueAllows() {
    var random = new Random(1);
    chance = random::nextDouble;
    longestDelay = Duration.ofMinutes(30);
    handler = _ -> HandlingOutcome.retryLater(Duration.ofSeconds(5));

    var outage = Duration.ZERO;
    for (var receives = 1; receives <= 100; receives++) {
      var left = (LeftOnQueue) receive(new RecordedDelivery(opening(key), receives));
      outage = outage.plus(left.hiddenFor().orElseThrow());
    }

    assertThat(outage).isGreaterThan(Duration.ofHours(24));
    assertThat(attemptOf(key)).isEqualTo(1);
  }

  @Test
  void putsARejectedEventAmongTheDeadLettersWithTheReason() {
    handler = _ -> HandlingOutcome.rejected("recipient-gone");

    assertThat(receive(delivery)).isEqualTo(new DeadLettered("recipient-gone", RejectedBy.HANDLER));
    assertThat(delivery.steps).containsExactly(DEAD_LETTER, ACKNOWLEDGE);
    assertThat(delivery.deadLetters)
        .containsExactly(
            new DeadLetter("notification", "recipient-gone", "rejected by the handler", NOW));
  }

  @Test
  void putsWhatIsNoEventAmongTheDeadLettersWithoutAClaim() {
    store.failing.add(Operation.CLAIM);
    var garbage = new RecordedDelivery("{\"source\":\"SmartDoor\"}");

    assertThat(receive(garbage)).isEqualTo(new DeadLettered("undecodable", RejectedBy.UNDECODABLE));
    assertThat(garbage.steps).containsExactly(DEAD_LETTER, ACKNOWLEDGE);
    assertThat(garbage.deadLetters)
        .containsExactly(
            new DeadLetter("notification", "undecodable", "detail-type: is missing", NOW));
  }

  @Test
  void leavesAMessageOnTheQueueThatBreaksTheDecoder() {
    EventDecoder<ReceivedEvent> broken =
        _ -> {
          throw new IllegalStateException("a bug");
        };

    assertThat(consumer(broken).receive(delivery))
        .isEqualTo(left(Cause.DECODER_FAILED, Duration.ofSeconds(1)));
  }

  @Test
  void retriesAHandlerThatBreaksWithGrowingDelaysAndThenGivesUp() {
    handler =
        _ -> {
          throw new IllegalStateException("no such table");
        };

    assertThat(receive(delivery)).isEqualTo(left(Cause.HANDLER_FAILED, Duration.ofSeconds(1)));
    assertThat(receive(delivery)).isEqualTo(left(Cause.HANDLER_FAILED, Duration.ofSeconds(2)));
    var last = new RecordedDelivery(opening(key));
    assertThat(receive(last))
        .isEqualTo(new DeadLettered("attempts-exhausted", RejectedBy.ATTEMPTS_EXHAUSTED));
    assertThat(last.deadLetters)
        .extracting(DeadLetter::explanation)
        .containsExactly("3 attempts; the last attempt ended with java.lang.IllegalStateException");
    assertThat(handled).hasSize(MAX_ATTEMPTS);
  }

  @Test
  void givesUpAnEventUnseenThatTookItsConsumerDownEachTime() {
    for (var i = 0; i < MAX_ATTEMPTS; i++) {
      store.claim(eventKey);
      clock.advance(LEASE);
    }

    assertThat(receive(delivery))
        .isEqualTo(new DeadLettered("attempts-exhausted", RejectedBy.ATTEMPTS_EXHAUSTED));
    assertThat(handled).isEmpty();
  }

  @Test
  void givesARedrivenDeadLetterAllItsAttemptsAgain() {
    handler =
        _ -> {
          throw new IllegalStateException("a bug");
        };
    for (var i = 0; i < MAX_ATTEMPTS; i++) {
      receive(delivery);
    }
    assertThat(receive(delivery)).isEqualTo(left(Cause.HANDLER_FAILED, Duration.ofSeconds(1)));

    handler = _ -> HandlingOutcome.done();
    assertThat(receive(delivery)).isEqualTo(new Handled());
  }

  @Test
  void rejectsAnEventAcceptedMoreThan60DaysAgo() {
    var old =
        new RecordedDelivery(openingAcceptedAt(key, NOW.minus(Duration.ofDays(60)).minusMillis(1)));
    assertThat(receive(old)).isEqualTo(new DeadLettered("too-old", RejectedBy.TOO_OLD));
    assertThat(handled).isEmpty();

    var young = new RecordedDelivery(openingAcceptedAt(aKey(), NOW.minus(Duration.ofDays(60))));
    assertThat(receive(young)).isEqualTo(new Handled());
  }

  @Test
  void acknowledgesAnOldEventThatWasHandledWhenItWasYoung() {
    receive(new RecordedDelivery(openingAcceptedAt(key, NOW)));
    clock.advance(Duration.ofDays(61));

    assertThat(receive(new RecordedDelivery(openingAcceptedAt(key, NOW))))
        .isEqualTo(new Duplicate());
  }

  @Test
  void leavesTheMessageOnTheQueueWhenNothingCanBeClaimedLongerEachTime() {
    store.failing.add(Operation.CLAIM);

    for (var receives : List.of(1, 2, 3, 100)) {
      receive(new RecordedDelivery(opening(key), receives));
    }
    assertThat(receive(new RecordedDelivery(opening(key), 1)))
        .isEqualTo(left(Cause.STORE_FAILED, Duration.ofSeconds(1)));
    assertThat(receive(new RecordedDelivery(opening(key), 4)))
        .isEqualTo(left(Cause.STORE_FAILED, Duration.ofSeconds(8)));
    assertThat(handled).isEmpty();

    store.failing.clear();
    assertThat(receive(delivery)).isEqualTo(new Handled());
    assertThat(attemptOf(aKey())).isEqualTo(1);
  }

  @Test
  void keepsTheMessageWhenItCannotBeRecordedThatItWasHandled() {
    store.failing.add(Operation.COMPLETE);

    assertThat(receive(delivery)).isEqualTo(left(Cause.STORE_FAILED, Duration.ofSeconds(1)));
    assertThat(delivery.steps).containsExactly(HIDE);
    assertThat(attemptOf(key)).isEqualTo(1);
  }

  @Test
  void leavesTheRestToTheLeaseWhenTheStoreIsGoneAltogether() {
    handler =
        _ -> {
          store.failing.add(Operation.COMPLETE);
          store.failing.add(Operation.RELEASE);
          return HandlingOutcome.done();
        };
    assertThat(receive(delivery)).isEqualTo(left(Cause.STORE_FAILED, Duration.ofSeconds(1)));

    store.failing.clear();
    assertThat(receive(delivery)).isEqualTo(left(Cause.HELD_ELSEWHERE, LEASE));
    clock.advance(LEASE);
    handler = _ -> HandlingOutcome.done();
    assertThat(receive(delivery)).isEqualTo(new Handled());
  }

  @Test
  void keepsTheMessageOfAHandlerThatOutlivedItsLease() {
    handler =
        _ -> {
          clock.advance(LEASE);
          store.claim(eventKey);
          return HandlingOutcome.done();
        };

    assertThat(receive(delivery)).isEqualTo(new LeftOnQueue(Cause.LEASE_LOST, Optional.empty()));
    assertThat(delivery.steps).isEmpty();
  }

  @Test
  void laysNothingAsideThatAnotherConsumerHasTakenOver() {
    handler =
        _ -> {
          clock.advance(LEASE);
          store.claim(eventKey);
          return HandlingOutcome.rejected("recipient-gone");
        };

    assertThat(receive(delivery)).isEqualTo(new LeftOnQueue(Cause.LEASE_LOST, Optional.empty()));
    assertThat(delivery.steps).isEmpty();
  }

  @Test
  void laysNothingAsideWhereItIsNotKnownWhetherItIsStillHeld() {
    handler =
        _ -> {
          store.failing.add(Operation.RENEW);
          return HandlingOutcome.rejected("recipient-gone");
        };

    assertThat(receive(delivery)).isEqualTo(left(Cause.STORE_FAILED, Duration.ofSeconds(1)));
    assertThat(delivery.steps).containsExactly(HIDE);
    assertThat(attemptOf(key)).isEqualTo(1);
  }

  @Test
  void keepsTheMessageWhenNoDeadLetterCanBeSent() {
    handler = _ -> HandlingOutcome.rejected("recipient-gone");
    delivery.failingAt(DEAD_LETTER);

    assertThat(receive(delivery)).isEqualTo(left(Cause.DEAD_LETTERS_FAILED, Duration.ofSeconds(1)));
    assertThat(delivery.steps).containsExactly(HIDE);
    assertThat(attemptOf(key)).isEqualTo(1);
  }

  @Test
  void keepsAnUndecodableMessageWhenNoDeadLetterCanBeSent() {
    var garbage = new RecordedDelivery("garbage").failingAt(DEAD_LETTER);

    assertThat(receive(garbage)).isEqualTo(left(Cause.DEAD_LETTERS_FAILED, Duration.ofSeconds(1)));
    assertThat(garbage.steps).containsExactly(HIDE);
  }

  @Test
  void rejectsEvenWhenTheClaimCannotBeReleased() {
    handler = _ -> HandlingOutcome.rejected("recipient-gone");
    store.failing.add(Operation.RELEASE);

    assertThat(receive(delivery)).isInstanceOf(DeadLettered.class);
    assertThat(delivery.steps).containsExactly(DEAD_LETTER, ACKNOWLEDGE);
  }

  @Test
  void findsAnEventHandledWhoseAcknowledgementWasLost() {
    assertThat(receive(delivery.failingAt(ACKNOWLEDGE))).isEqualTo(new Handled());

    assertThat(receive(new RecordedDelivery(opening(key)))).isEqualTo(new Duplicate());
    assertThat(handled).hasSize(1);
  }

  @Test
  void leavesTheDelayToTheQueueWhenAMessageCannotBeHidden() {
    handler = _ -> HandlingOutcome.retryLater(Duration.ofMinutes(3));

    assertThat(receive(delivery.failingAt(HIDE)))
        .isEqualTo(new LeftOnQueue(Cause.RETRY_LATER, Optional.empty()));
    assertThat(attemptOf(key)).isEqualTo(1);
  }

  @Test
  void neitherAcknowledgesNorReleasesWhatAnErrorInterrupts() {
    handler =
        _ -> {
          throw new StackOverflowError();
        };

    assertThatThrownBy(() -> receive(delivery)).isInstanceOf(StackOverflowError.class);
    assertThat(delivery.steps).isEmpty();
    assertThat(receive(delivery)).isEqualTo(left(Cause.HELD_ELSEWHERE, LEASE));
  }

  @Test
  void countsEveryTransition() {
    receive(new RecordedDelivery(opening(key)));
    receive(new RecordedDelivery(opening(key)));
    handler = _ -> HandlingOutcome.retryLater(Duration.ZERO);
    receive(new RecordedDelivery(opening(aKey())));
    handler = _ -> HandlingOutcome.rejected("recipient-gone");
    receive(new RecordedDelivery(opening(aKey())));
    receive(new RecordedDelivery("garbage"));

    assertThat(count("claimed", "Door Status")).isEqualTo(3);
    assertThat(count("handled", "Door Status")).isEqualTo(1);
    assertThat(count("duplicates", "Door Status")).isEqualTo(1);
    assertThat(count("retried", "Door Status", "cause", "retry-later")).isEqualTo(1);
    assertThat(count("rejected", "Door Status", "reason", "handler")).isEqualTo(1);
    assertThat(count("rejected", "unknown", "reason", "undecodable")).isEqualTo(1);
    assertThat(meters.get("smartdoor.events.handling").timer().count()).isEqualTo(3);
  }

  @Test
  void logsTheKeyAndNothingOfTheContent() {
    var contexts = new ArrayList<String>();
    handler =
        _ -> {
          contexts.add(MDC.get("idempotency-key"));
          return HandlingOutcome.done();
        };

    var lines = linesOf(() -> receive(delivery));

    assertThat(contexts).containsExactly(key.toString());
    assertThat(MDC.get("idempotency-key")).isNull();
    assertThat(lines)
        .singleElement()
        .satisfies(line -> {
          assertThat(line.getFormattedMessage())
              .isEqualTo("notification: Door Status#%s handled, attempt 1".formatted(key));
          assertThat(line.getMDCPropertyMap()).containsEntry("idempotency-key", key.toString());
        });
  }

  @Test
  void logsWhatCannotBeDecodedAndExplainsItWithoutItsContent() {
    var named = new RecordedDelivery(opening(key).replace("front-door", "Anna O"));
    var problem = "detail.door.id: expected a door id of the form [a-z0-9][a-z0-9-]{0,63}";

    var lines = linesOf(() -> receive(named));

    assertThat(named.deadLetters).extracting(DeadLetter::explanation).containsExactly(problem);
    assertThat(lines)
        .extracting(ILoggingEvent::getFormattedMessage)
        .containsExactly("notification: a message is rejected as undecodable: " + problem);
  }

  @Test
  void takesTheTimeThatAnEventWasOnItsWayBeforeItWasBegunWith() {
    receive(new RecordedDelivery(openingAcceptedAt(key, NOW.minusMillis(1500))));
    receive(new RecordedDelivery(openingAcceptedAt(key, NOW.minusMillis(1500))));
    receive(new RecordedDelivery(opening(aKey())));

    var lag = meters.get("smartdoor.events.lag").tag("subscriber", "notification").timer();
    assertThat(lag.count()).isEqualTo(1);
    assertThat(lag.totalTime(TimeUnit.MILLISECONDS)).isEqualTo(1500);
  }

  @Test
  void handlesAnEventAsAStepOfTheTraceThatItCarries() {
    var within = new ArrayList<Optional<String>>();
    handler =
        _ -> {
          within.add(traces.traceparent());
          return HandlingOutcome.done();
        };

    receive(new RecordedDelivery(opening(key, TRACEPARENT)));

    assertThat(recorded.spans())
        .singleElement()
        .satisfies(span -> {
          assertThat(span.getName()).isEqualTo("process notification");
          assertThat(TRACEPARENT)
              .isEqualTo("00-%s-%s-01".formatted(span.getTraceId(), span.getParentSpanId()));
          assertThat(within)
              .containsExactly(
                  Optional.of("00-%s-%s-01".formatted(span.getTraceId(), span.getSpanId())));
          assertThat(noted(span, "smartdoor.detail-type")).isEqualTo("Door Status");
          assertThat(noted(span, "smartdoor.idempotency-key")).isEqualTo(key.toString());
        });
  }

  @Test
  void saysInTheTraceWhatBecameOfTheEvent() {
    receive(delivery);
    receive(new RecordedDelivery(opening(key)));
    handler = _ -> HandlingOutcome.rejected("recipient-gone");
    receive(new RecordedDelivery(opening(aKey())));
    handler = _ -> HandlingOutcome.retryLater(Duration.ofSeconds(5));
    receive(new RecordedDelivery(opening(aKey())));
    handler =
        _ -> {
          throw new IllegalStateException("no such table");
        };
    receive(new RecordedDelivery(opening(aKey())));

    assertThat(recorded.spans())
        .extracting(it -> noted(it, "smartdoor.outcome"), it -> noted(it, "error.type"))
        .containsExactly(
            tuple("handled", null),
            tuple("duplicate", null),
            tuple("handler", "handler"),
            tuple("retry-later", null),
            tuple("handler-failed", "handler-failed"));
  }

  @ParameterizedTest
  @EnumSource(
      value = Cause.class,
      names = {"HELD_ELSEWHERE", "RETRY_LATER", "STOPPING"})
  void takesWaitingForNoFailure(Cause cause) {
    assertThat(cause.isFailure()).isFalse();
  }

  @ParameterizedTest
  @EnumSource(
      value = Cause.class,
      mode = EnumSource.Mode.EXCLUDE,
      names = {"HELD_ELSEWHERE", "RETRY_LATER", "STOPPING"})
  void takesWhatWentWrongForAFailure(Cause cause) {
    assertThat(cause.isFailure()).isTrue();
  }

  private static @Nullable String noted(SpanData span, String name) {
    return span.getAttributes().get(AttributeKey.stringKey(name));
  }

  private static List<ILoggingEvent> linesOf(Runnable work) {
    var lines = new ListAppender<ILoggingEvent>();
    var logger = (Logger) LoggerFactory.getLogger(QueueConsumer.class);
    lines.start();
    logger.addAppender(lines);
    logger.setLevel(Level.INFO);
    try {
      work.run();
    } finally {
      logger.detachAppender(lines);
      logger.setLevel(null);
    }
    return lines.list;
  }

  private Disposition receive(Delivery message) {
    return consumer(Openings.DECODER).receive(message);
  }

  private QueueConsumer<ReceivedEvent> consumer(EventDecoder<ReceivedEvent> decoder) {
    EventHandler<ReceivedEvent> recording =
        event -> {
          handled.add(event);
          return handler.handle(event);
        };
    return new QueueConsumer<>(
        new Subscription<>("notification", "queue", "dlq", decoder, recording),
        store,
        clock,
        new Backoff(Duration.ofSeconds(2), longestDelay, chance),
        MAX_ATTEMPTS,
        new ConsumerMetrics(meters, "notification"),
        Vigils.over(store, clock, LEASE),
        traces);
  }

  private static LeftOnQueue left(Cause cause, Duration hiddenFor) {
    return new LeftOnQueue(cause, Optional.of(hiddenFor));
  }

  /** Which attempt the next grant would be. */
  private int attemptOf(IdempotencyKey event) {
    return ((Granted) store.claim(new EventKey("Door Status", event))).attempt();
  }

  private double count(String meter, String detailType, String... tags) {
    return meters
        .get("smartdoor.events." + meter)
        .tags("subscriber", "notification", "detail-type", detailType)
        .tags(tags)
        .counter()
        .count();
  }
}
