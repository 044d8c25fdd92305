package io.smartdoor.notification.delivery;

import io.smartdoor.events.ReceivedEvent;
import io.smartdoor.messaging.consuming.EventHandler;
import io.smartdoor.messaging.consuming.HandlingOutcome;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.exception.SdkServiceException;

/**
 * Retries what a DynamoDB that was out of reach, failing or throttling kept from being handled,
 * however often: no event is given up for an outage that is none of its doing.
 */
final class DynamoDbOutages implements EventHandler<ReceivedEvent> {

  static final Duration DELAY = Duration.ofSeconds(5);

  private static final Logger log = LoggerFactory.getLogger(DynamoDbOutages.class);

  private final EventHandler<ReceivedEvent> handler;

  DynamoDbOutages(EventHandler<ReceivedEvent> handler) {
    this.handler = handler;
  }

  @Override
  public HandlingOutcome handle(ReceivedEvent event) {
    try {
      return handler.handle(event);
    } catch (SdkException e) {
      if (!isOutage(e)) {
        throw e;
      }
      log.warn("DynamoDB did not do what an event needs: {}", e.toString());
      return HandlingOutcome.retryLater(DELAY);
    }
  }

  /** Anything but an answer that says that the call itself is wrong. */
  private static boolean isOutage(SdkException e) {
    return !(e instanceof SdkServiceException answer)
        || answer.statusCode() >= 500
        || answer.isThrottlingException();
  }
}
