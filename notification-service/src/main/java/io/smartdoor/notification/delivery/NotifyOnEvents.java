package io.smartdoor.notification.delivery;

import io.micrometer.core.instrument.MeterRegistry;
import io.smartdoor.events.ReceivedEvent;
import io.smartdoor.messaging.consuming.EventHandler;
import io.smartdoor.messaging.consuming.HandlingOutcome;
import io.smartdoor.notification.delivery.DeliveryOutcome.Delivered;
import io.smartdoor.notification.delivery.DeliveryOutcome.RecipientGone;
import io.smartdoor.notification.delivery.DeliveryOutcome.Superseded;
import io.smartdoor.notification.delivery.DeliveryOutcome.TryAgain;
import io.smartdoor.notification.recipient.Recipient;
import io.smartdoor.notification.recipient.RecipientId;
import io.smartdoor.notification.recipient.Recipients;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * Tells every recipient of an event, over every channel.
 *
 * <p>Everybody gets their turn, some at a time, whatever happened at those before them. Only then
 * is the event retried, if somebody could not be reached: those who were reached notice nothing, by
 * the contract of {@link Channel}. An outage ends the round at once: to fail at everybody takes
 * longer than an event may be held.
 */
final class NotifyOnEvents implements EventHandler<ReceivedEvent> {

  private static final Logger log = LoggerFactory.getLogger(NotifyOnEvents.class);
  private static final int PAGE = 100;

  /** How many recipients of one event are told at the same time. */
  static final int AT_ONCE = 16;

  private final Recipients recipients;
  private final List<Channel> channels;
  private final Wording wording;
  private final Predicate<RuntimeException> isOutage;
  private final MeterRegistry meters;

  NotifyOnEvents(
      Recipients recipients,
      List<Channel> channels,
      Wording wording,
      Predicate<RuntimeException> isOutage,
      MeterRegistry meters) {
    this.recipients = recipients;
    this.channels = List.copyOf(channels);
    this.wording = wording;
    this.isOutage = isOutage;
    this.meters = meters;
  }

  @Override
  public HandlingOutcome handle(ReceivedEvent received) {
    var round = new Round(Occasion.of(received), wording.of(received.event()));
    var next = Optional.<RecipientId>empty();
    do {
      var page = page(received.event().metadata().acceptedAt(), next);
      round.tell(
          page.recipients().stream()
              .filter(recipient -> recipient.hearsOf(received.event()))
              .toList());
      next = page.next();
    } while (next.isPresent() && !round.isOver());
    return round.outcome();
  }

  private Recipients.Page page(Optional<Instant> acceptedAt, Optional<RecipientId> after) {
    return acceptedAt
        .map(it -> recipients.pageAsOf(it, after, PAGE))
        .orElseGet(() -> recipients.page(after, PAGE));
  }

  /** One handling of one event. Safe for use by the threads that it is told by. */
  private final class Round {

    private final Occasion occasion;
    private final Notification notification;

    private Optional<Duration> delay = Optional.empty();
    private @Nullable RuntimeException broken;
    private @Nullable RuntimeException outage;

    Round(Occasion occasion, Notification notification) {
      this.occasion = occasion;
      this.notification = notification;
    }

    /** Tells all of them, if it does not come to an end before; one alone on this thread. */
    void tell(List<Recipient> page) {
      if (page.size() == 1) {
        tell(page.getFirst());
        return;
      }
      // What is logged about the event says so on every thread.
      var logContext = MDC.getCopyOfContextMap();
      try (var threads = Executors.newFixedThreadPool(AT_ONCE, Thread.ofVirtual().factory())) {
        var told =
            page.stream()
                .map(recipient ->
                    CompletableFuture.runAsync(
                        () -> {
                          if (logContext != null) {
                            MDC.setContextMap(logContext);
                          }
                          tell(recipient);
                        },
                        threads))
                .toArray(CompletableFuture[]::new);
        await(told, threads);
      }
    }

    /** Whoever interrupts does not want the rest told. */
    private void await(CompletableFuture<?>[] told, ExecutorService threads) {
      try {
        CompletableFuture.allOf(told).get();
      } catch (ExecutionException e) {
        throw new CompletionException(e.getCause()); // what is no RuntimeException
      } catch (InterruptedException e) {
        var _ = threads.shutdownNow();
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted while recipients were told", e);
      }
    }

    private void tell(Recipient recipient) {
      channels.stream().takeWhile(_ -> !isOver()).forEach(channel -> tell(recipient, channel));
    }

    private void tell(Recipient recipient, Channel channel) {
      try {
        var outcome = channel.deliver(recipient, notification, occasion);
        count(channel, nameOf(outcome));
        switch (outcome) {
          case Delivered _ -> say(channel);
          case TryAgain(var again) -> postpone(again);
          case Superseded _, RecipientGone _ -> {}
        }
      } catch (RuntimeException e) {
        count(channel, isOutage.test(e) ? "outage" : "broken");
        fail(e);
      }
    }

    /** By key alone: neither whom it reached nor whom it names is anything for a log. */
    private void say(Channel channel) {
      log.info(
          "{}#{} delivered over {}", occasion.detailType().text(), occasion.key(), channel.name());
    }

    private synchronized void postpone(Duration again) {
      delay = delay.filter(longest -> longest.compareTo(again) >= 0).or(() -> Optional.of(again));
    }

    /** The first of each says enough for the log; the metric counts them all. */
    private synchronized void fail(RuntimeException e) {
      if (isOutage.test(e)) {
        outage = outage == null ? e : outage;
      } else {
        broken = broken == null ? e : broken;
      }
    }

    synchronized boolean isOver() {
      return outage != null;
    }

    synchronized HandlingOutcome outcome() {
      if (outage != null) {
        throw outage;
      }
      if (broken != null) {
        throw broken;
      }
      return delay.map(HandlingOutcome::retryLater).orElseGet(HandlingOutcome::done);
    }
  }

  private void count(Channel channel, String outcome) {
    meters
        .counter("smartdoor.deliveries", "channel", channel.name(), "outcome", outcome)
        .increment();
  }

  private static String nameOf(DeliveryOutcome outcome) {
    return switch (outcome) {
      case Delivered _ -> "delivered";
      case Superseded _ -> "superseded";
      case RecipientGone _ -> "recipient-gone";
      case TryAgain _ -> "try-again";
    };
  }
}
