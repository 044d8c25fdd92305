package io.smartdoor.notification.delivery;

import io.micrometer.core.instrument.MeterRegistry;
import io.smartdoor.events.ReceivedEvent;
import io.smartdoor.messaging.AwsFailure;
import io.smartdoor.messaging.consuming.EventHandler;
import io.smartdoor.messaging.consuming.HandlingOutcome;
import java.time.Duration;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;

/**
 * Retries what DynamoDB kept from being handled, however often, be it out of reach or be a table or
 * a permission missing: no event is given up for what is none of its doing. Nothing that an event
 * says makes DynamoDB refuse it: what is stored of one is short, and its keys have their form.
 */
final class DynamoDbOutages implements EventHandler<ReceivedEvent> {

  /** At first: whoever comes back often waits longer. */
  static final Duration DELAY = Duration.ofSeconds(5);

  private static final Logger log = LoggerFactory.getLogger(DynamoDbOutages.class);

  private final EventHandler<ReceivedEvent> handler;
  private final MeterRegistry meters;

  DynamoDbOutages(EventHandler<ReceivedEvent> handler, MeterRegistry meters) {
    this.handler = handler;
    this.meters = meters;
  }

  /**
   * Whether DynamoDB would fail for any other recipient, too. A transaction that it cancels (and
   * that was tried again where that helps) is one recipient's own affair.
   */
  static boolean isOutage(RuntimeException e) {
    return e instanceof SdkException && !(e instanceof TransactionCanceledException);
  }

  @Override
  public HandlingOutcome handle(ReceivedEvent event) {
    try {
      return handler.handle(event);
    } catch (SdkException e) {
      if (!isOutage(e)) {
        throw e;
      }
      var failure = AwsFailure.of(e);
      switch (failure) {
        case CROWDED, OUTAGE ->
            log.warn("DynamoDB did not do what an event needs: {}", e.toString());
        case BLOCKED ->
            log.error(
                "DynamoDB refuses what an event needs, until that is mended: {}", e.toString());
      }
      meters
          .counter(
              "smartdoor.notification.postponed", "cause", failure.name().toLowerCase(Locale.ROOT))
          .increment();
      return HandlingOutcome.retryLater(DELAY);
    }
  }
}
