package io.smartdoor.messaging.consuming;

import io.smartdoor.messaging.Backoff;
import io.smartdoor.messaging.consuming.Disposition.Cause;
import io.smartdoor.messaging.consuming.Disposition.DeadLettered;
import io.smartdoor.messaging.consuming.Disposition.Duplicate;
import io.smartdoor.messaging.consuming.Disposition.Handled;
import io.smartdoor.messaging.consuming.Disposition.LeftOnQueue;
import io.smartdoor.messaging.consuming.Disposition.RejectedBy;
import io.smartdoor.messaging.consuming.HandlingOutcome.Done;
import io.smartdoor.messaging.consuming.HandlingOutcome.Rejected;
import io.smartdoor.messaging.consuming.HandlingOutcome.RetryLater;
import io.smartdoor.messaging.consuming.InHand.Interruption;
import io.smartdoor.messaging.idempotency.Claim;
import io.smartdoor.messaging.idempotency.Claim.AlreadyHandled;
import io.smartdoor.messaging.idempotency.Claim.Granted;
import io.smartdoor.messaging.idempotency.Claim.HeldElsewhere;
import io.smartdoor.messaging.idempotency.EventKey;
import io.smartdoor.messaging.idempotency.IdempotencyStore;
import io.smartdoor.messaging.idempotency.Release;
import io.smartdoor.messaging.tracing.Traces;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * Lets a handler succeed once per event and subscriber, over a queue that may deliver a message
 * several times: claim, handle, complete, acknowledge.
 *
 * <p>Two cases still repeat an effect: a crash between the effect and its completion, and a handler
 * that loses its lease, since it was paused or the store was out of reach. What an {@link Error} or
 * a crash interrupts at any point is taken up again when the lease has ended and the queue delivers
 * the message again; it counts as an attempt. So does a claim whose answer was lost: whether it was
 * granted cannot be known, so nobody releases it. An outage would have to begin between the write
 * and its answer ten times for one event to be given up for it.
 *
 * <p>A message leaves the queue only when its event was handled, or when a copy of it lies in the
 * dead-letter queue. Safe for use by several threads.
 */
final class QueueConsumer<E> {

  /** The name of the idempotency key in the logging context. */
  static final String MDC_KEY = "idempotency-key";

  /**
   * Less than {@link IdempotencyStore#RETENTION}, by more than the 14 days for which a queue and
   * the 14 for which its dead-letter queue keep a message: while an event is handled at all, the
   * record of having handled it still exists.
   */
  static final Duration OLDEST = Duration.ofDays(60);

  private static final String POSTPONED = "smartdoor.events.postponed-seconds";

  private static final Logger log = LoggerFactory.getLogger(QueueConsumer.class);

  private final Subscription<E> subscription;
  private final IdempotencyStore store;
  private final Clock clock;
  private final Backoff backoff;
  private final int maxAttempts;
  private final ConsumerMetrics metrics;
  private final Vigil vigil;
  private final Traces traces;

  QueueConsumer(
      Subscription<E> subscription,
      IdempotencyStore store,
      Clock clock,
      Backoff backoff,
      int maxAttempts,
      ConsumerMetrics metrics,
      Vigil vigil,
      Traces traces) {
    this.subscription = subscription;
    this.store = store;
    this.clock = clock;
    this.backoff = backoff;
    this.maxAttempts = maxAttempts;
    this.metrics = metrics;
    this.vigil = vigil;
    this.traces = traces;
  }

  /** Sees {@code delivery} through, and says what became of it. */
  Disposition receive(Delivery delivery) {
    try (var inHand = vigil.over(delivery)) {
      return receive(inHand);
    }
  }

  private Disposition receive(InHand delivery) {
    DecodedEvent<E> event;
    try {
      event = subscription.decoder().decode(delivery.body());
    } catch (UndecodableMessageException e) {
      return counted(ConsumerMetrics.UNKNOWN, rejectUndecodable(delivery, e));
    } catch (RuntimeException e) {
      log.error("{}: the decoder broke on a message", subscription.name(), e);
      var left = leave(delivery, Cause.DECODER_FAILED, untilOutageMayBeOver(delivery));
      return counted(ConsumerMetrics.UNKNOWN, left);
    }
    var key = event.key().key().toString();
    var detailType = event.key().detailType();
    try (var _ = MDC.putCloseable(MDC_KEY, key);
        var step = traces.handling(subscription.name(), detailType, event.traceparent())) {
      step.note("smartdoor.idempotency-key", key);
      var disposition = claim(delivery, event);
      if (disposition instanceof LeftOnQueue(var cause, _) && cause.isPostponement()) {
        event.acceptedAt().ifPresent(at -> sayForHowLongItWaits(event.key(), at));
      }
      step.note("smartdoor.outcome", disposition.code());
      if (isFailure(disposition)) {
        step.failed(disposition.code());
      }
      return counted(detailType, disposition);
    }
  }

  /**
   * SQS leaves what was received three times out of its queue's age, so nobody but the consumer
   * knows how old an event is that is tried again and again. Where logs are collected, alarms are
   * raised by this line (docs/decisions/0016, infra/stacks).
   */
  private void sayForHowLongItWaits(EventKey event, Instant acceptedAt) {
    var seconds = Duration.between(acceptedAt, clock.instant()).toMillis() / 1000.0;
    log.atInfo()
        .addKeyValue(POSTPONED, seconds)
        .log(
            "{}: {} still waits, {} s after it was accepted",
            subscription.name(),
            event,
            Math.round(seconds));
  }

  private static boolean isFailure(Disposition disposition) {
    return switch (disposition) {
      case Handled _, Duplicate _ -> false;
      case DeadLettered _ -> true;
      case LeftOnQueue(var cause, _) -> cause.isFailure();
    };
  }

  private Disposition rejectUndecodable(InHand delivery, UndecodableMessageException e) {
    var explanation = String.valueOf(e.getMessage());
    log.warn("{}: a message is rejected as undecodable: {}", subscription.name(), explanation);
    return reject(delivery, RejectedBy.UNDECODABLE, "undecodable", explanation, _ -> {});
  }

  private Disposition claim(InHand delivery, DecodedEvent<E> event) {
    Claim claim;
    try {
      claim = store.claim(event.key());
    } catch (RuntimeException e) {
      log.warn("{}: {} could not be claimed: {}", subscription.name(), event.key(), e.toString());
      return leave(delivery, Cause.STORE_FAILED, untilOutageMayBeOver(delivery));
    }
    return switch (claim) {
      case AlreadyHandled(var at) -> {
        log.info("{}: {} was handled before, at {}", subscription.name(), event.key(), at);
        acknowledge(delivery);
        yield new Duplicate();
      }
      case HeldElsewhere(var until) -> {
        log.info("{}: {} is held elsewhere until {}", subscription.name(), event.key(), until);
        yield leave(delivery, Cause.HELD_ELSEWHERE, Duration.between(clock.instant(), until));
      }
      case Granted grant -> {
        metrics.claimed(event.key().detailType());
        event
            .acceptedAt()
            .ifPresent(at ->
                metrics.waited(event.key().detailType(), Duration.between(at, clock.instant())));
        yield handle(delivery, event, grant);
      }
    };
  }

  private Disposition handle(InHand delivery, DecodedEvent<E> event, Granted grant) {
    var oldest = clock.instant().minus(OLDEST);
    if (event.acceptedAt().filter(oldest::isAfter).isPresent()) {
      var explanation = "accepted more than %d days ago".formatted(OLDEST.toDays());
      return reject(delivery, event, grant, RejectedBy.TOO_OLD, "too-old", explanation);
    }
    // One that was granted so often without an answer takes its consumer down: it is not tried.
    if (grant.attempt() > maxAttempts) {
      return exhausted(delivery, event, grant, "the last attempt ended without an answer");
    }
    if (!delivery.begin(event.key(), grant)) {
      return interrupted(delivery, event, grant, Interruption.STOPPING);
    }
    HandlingOutcome outcome;
    try {
      outcome = metrics.timed(event.key().detailType(), () -> handler().handle(event.event()));
    } catch (RuntimeException e) {
      return delivery
          .end()
          .map(why -> interrupted(delivery, event, grant, why))
          .orElseGet(() -> failed(delivery, event, grant, e));
    } finally {
      // Also where an error passes through.
      var _ = delivery.end();
    }
    var interruption = delivery.end();
    return switch (outcome) {
      case Done() -> complete(delivery, event, grant);
      case RetryLater(_) when interruption.isPresent() ->
          interrupted(delivery, event, grant, interruption.get());
      case RetryLater(var delay) -> {
        var wait = Collections.max(List.of(delay, untilOutageMayBeOver(delivery)));
        log.info("{}: {} is to be retried in {}", subscription.name(), event.key(), wait);
        release(event, grant, Release.CLEAN);
        yield leave(delivery, Cause.RETRY_LATER, wait);
      }
      case Rejected(var reason) ->
          reject(delivery, event, grant, RejectedBy.HANDLER, reason, "rejected by the handler");
    };
  }

  /** A handler that was interrupted, and did not say that its effect stands all the same. */
  private Disposition interrupted(
      InHand delivery, DecodedEvent<E> event, Granted grant, Interruption why) {
    return switch (why) {
      case TOO_LONG -> {
        var longest = vigil.limits().longestHandling();
        yield failed(
            delivery, event, grant, new IllegalStateException("took longer than " + longest));
      }
      case LEASE_LOST -> {
        // Takes the attempt back where nobody took over and the renewal only did not get through.
        release(event, grant, Release.CLEAN);
        yield new LeftOnQueue(Cause.LEASE_LOST, Optional.empty());
      }
      case STOPPING -> {
        log.info("{}: {} goes back to the queue", subscription.name(), event.key());
        release(event, grant, Release.CLEAN);
        yield leave(delivery, Cause.STOPPING, Duration.ZERO);
      }
    };
  }

  private EventHandler<E> handler() {
    return subscription.handler();
  }

  private Disposition complete(InHand delivery, DecodedEvent<E> event, Granted grant) {
    boolean held;
    try {
      held = store.complete(event.key(), grant.token());
    } catch (RuntimeException e) {
      log.warn("{}: {} could not be completed: {}", subscription.name(), event.key(), e.toString());
      // Changes nothing where the record was completed and only the answer was lost.
      release(event, grant, Release.CLEAN);
      return leave(delivery, Cause.STORE_FAILED, untilOutageMayBeOver(delivery));
    }
    if (!held) {
      // Whoever took over may fail yet: the message stays until somebody's record says handled.
      log.warn(
          "{}: {} was handled, but another consumer took over when the lease ended at {}",
          subscription.name(),
          event.key(),
          grant.until());
      return new LeftOnQueue(Cause.LEASE_LOST, Optional.empty());
    }
    log.info("{}: {} handled, attempt {}", subscription.name(), event.key(), grant.attempt());
    acknowledge(delivery);
    return new Handled();
  }

  private Disposition failed(
      InHand delivery, DecodedEvent<E> event, Granted grant, RuntimeException e) {
    log.warn(
        "{}: {} failed, attempt {} of {}",
        subscription.name(),
        event.key(),
        grant.attempt(),
        maxAttempts,
        e);
    if (grant.attempt() >= maxAttempts) {
      return exhausted(
          delivery, event, grant, "the last attempt ended with " + e.getClass().getName());
    }
    release(event, grant, Release.COUNTED);
    return leave(delivery, Cause.HANDLER_FAILED, backoff.delay(grant.attempt()));
  }

  private Disposition exhausted(
      InHand delivery, DecodedEvent<E> event, Granted grant, String explanation) {
    return reject(
        delivery,
        event,
        grant,
        RejectedBy.ATTEMPTS_EXHAUSTED,
        "attempts-exhausted",
        "%d attempts; %s".formatted(maxAttempts, explanation));
  }

  private Disposition reject(
      InHand delivery,
      DecodedEvent<E> event,
      Granted grant,
      RejectedBy by,
      String reason,
      String explanation) {
    try {
      // Nobody may lay aside what another has taken over meanwhile, and may have handled.
      if (store.renew(event.key(), grant.token()).isEmpty()) {
        return new LeftOnQueue(Cause.LEASE_LOST, Optional.empty());
      }
    } catch (RuntimeException e) {
      log.warn("{}: {} could not be renewed: {}", subscription.name(), event.key(), e.toString());
      release(event, grant, Release.CLEAN);
      return leave(delivery, Cause.STORE_FAILED, untilOutageMayBeOver(delivery));
    }
    log.warn("{}: {} is rejected: {}", subscription.name(), event.key(), reason);
    return reject(delivery, by, reason, explanation, how -> release(event, grant, how));
  }

  private Disposition reject(
      InHand delivery,
      RejectedBy by,
      String reason,
      String explanation,
      Consumer<Release> release) {
    try {
      delivery.sendToDeadLetters(
          new DeadLetter(subscription.name(), reason, explanation, clock.instant()));
    } catch (RuntimeException e) {
      log.warn("{}: no dead letter could be sent: {}", subscription.name(), e.toString());
      release.accept(Release.CLEAN);
      return leave(delivery, Cause.DEAD_LETTERS_FAILED, untilOutageMayBeOver(delivery));
    }
    release.accept(Release.REJECTED);
    acknowledge(delivery);
    return new DeadLettered(reason, by);
  }

  /** A claim that cannot be released ends with its lease. */
  private void release(DecodedEvent<E> event, Granted grant, Release how) {
    try {
      if (!store.release(event.key(), grant.token(), how)) {
        log.warn("{}: {} was no longer held here", subscription.name(), event.key());
      }
    } catch (RuntimeException e) {
      log.warn("{}: {} could not be released: {}", subscription.name(), event.key(), e.toString());
    }
  }

  /** A message that cannot be acknowledged is delivered again, and then found handled. */
  private void acknowledge(InHand delivery) {
    try {
      delivery.acknowledge();
    } catch (RuntimeException e) {
      log.warn("{}: a message could not be acknowledged: {}", subscription.name(), e.toString());
    }
  }

  /** A message that cannot be hidden comes back after the queue's own visibility timeout. */
  private Disposition leave(InHand delivery, Cause cause, Duration delay) {
    try {
      delivery.hideFor(delay);
      return new LeftOnQueue(cause, Optional.of(delay));
    } catch (RuntimeException e) {
      log.warn("{}: a message could not be hidden: {}", subscription.name(), e.toString());
      return new LeftOnQueue(cause, Optional.empty());
    }
  }

  /** Longer with each delivery, so that an outage does not use up what the queue allows. */
  private Duration untilOutageMayBeOver(InHand delivery) {
    return backoff.delay(delivery.receives());
  }

  private Disposition counted(String detailType, Disposition disposition) {
    metrics.count(detailType, disposition);
    return disposition;
  }
}
