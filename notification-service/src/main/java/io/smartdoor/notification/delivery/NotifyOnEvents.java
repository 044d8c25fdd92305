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
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells every recipient of an event, over every channel.
 *
 * <p>Everybody gets their turn, whatever happened at those before them. Only then is the event
 * retried, if somebody could not be reached: those who were reached notice nothing, by the contract
 * of {@link Channel}.
 */
final class NotifyOnEvents implements EventHandler<ReceivedEvent> {

  private static final Logger log = LoggerFactory.getLogger(NotifyOnEvents.class);
  private static final int PAGE = 100;

  private final Recipients recipients;
  private final List<Channel> channels;
  private final Wording wording;
  private final MeterRegistry meters;

  NotifyOnEvents(
      Recipients recipients, List<Channel> channels, Wording wording, MeterRegistry meters) {
    this.recipients = recipients;
    this.channels = List.copyOf(channels);
    this.wording = wording;
    this.meters = meters;
  }

  @Override
  public HandlingOutcome handle(ReceivedEvent received) {
    var round = new Round(Occasion.of(received), wording.of(received.event()));
    var next = Optional.<RecipientId>empty();
    do {
      var page = recipients.page(next, PAGE);
      page.recipients().stream()
          .filter(recipient -> recipient.hearsOf(received.event()))
          .forEach(round::tell);
      next = page.next();
    } while (next.isPresent());
    return round.outcome();
  }

  /** One handling of one event. */
  private final class Round {

    private final Occasion occasion;
    private final Notification notification;
    private Duration delay = Duration.ZERO;
    private @Nullable RuntimeException broken;

    Round(Occasion occasion, Notification notification) {
      this.occasion = occasion;
      this.notification = notification;
    }

    void tell(Recipient recipient) {
      channels.forEach(channel -> tell(recipient, channel));
    }

    private void tell(Recipient recipient, Channel channel) {
      try {
        var outcome = channel.deliver(recipient, notification, occasion);
        count(channel, nameOf(outcome));
        switch (outcome) {
          case Delivered _ -> say(channel);
          case TryAgain(Duration again) -> delay = delay.compareTo(again) < 0 ? again : delay;
          case Superseded _, RecipientGone _ -> {}
        }
      } catch (RuntimeException e) {
        count(channel, "broken");
        // The first says enough for the log; the metric counts them all.
        broken = broken == null ? e : broken;
      }
    }

    /** By key alone: neither whom it reached nor whom it names is anything for a log. */
    private void say(Channel channel) {
      log.info(
          "{}#{} delivered over {}", occasion.detailType().text(), occasion.key(), channel.name());
    }

    HandlingOutcome outcome() {
      if (broken != null) {
        throw broken;
      }
      return delay.isZero() ? HandlingOutcome.done() : HandlingOutcome.retryLater(delay);
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
