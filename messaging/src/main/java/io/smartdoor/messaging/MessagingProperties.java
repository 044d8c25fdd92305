package io.smartdoor.messaging;

import java.time.Duration;
import java.util.Optional;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.format.annotation.DurationFormat;
import org.springframework.format.datetime.standard.DurationFormatterUtils;

/**
 * What an operator can set about handling events.
 *
 * @param handledTable DynamoDB table that remembers what this subscriber handled; a service with a
 *     subscription sets it from its own stack's output
 * @param lease how long an event whose consumer was killed waits until another may take it; the
 *     claim of one that works is renewed from a third of it on; 1s or more
 * @param longestHandling how long a handler may take, from 1s to 11h: then it is interrupted, which
 *     is a failed attempt
 * @param maxAttempts failed attempts after which an event is rejected; 1 or more
 * @param retryDelay the most that is waited after the first failed attempt, more than 0s; it
 *     doubles with each. With ten attempts from 2 s, an event is given up after some eight to
 *     seventeen minutes. Whatever is no failed attempt (an outage, a handler that asks for a retry)
 *     waits as long by the number of receives
 * @param longestRetryDelay the most that is waited at all, unless a handler asks for more; as long
 *     as the first or longer. A queue gives a message up after 100 receives: at 30 min that is an
 *     outage of more than a day
 * @param inFlight events of one subscription that are handled at the same time; 1 or more
 * @param pollTimeout how long SQS holds an empty poll open, in whole seconds from 0 to 20. Stopping
 *     waits for an open poll, so a service is down in about this time; the price is the number of
 *     requests on an idle queue: every second are 2.6 million a month per instance and
 *     subscription, about a dollar, twenty times what 20 s cost
 * @param drainTimeout how long stopping waits for the events that are being handled, and for an
 *     open poll meanwhile, 0s or more; what is left then is interrupted and goes back to the queue
 *     as it was. So let it be longer than an empty poll is held open, and whatever stops the
 *     service wait 5 s longer
 */
@ConfigurationProperties("smartdoor.messaging")
public record MessagingProperties(
    Optional<String> handledTable,
    @DefaultValue("20s") Duration lease,
    @DefaultValue("5m") Duration longestHandling,
    @DefaultValue("10") int maxAttempts,
    @DefaultValue("2s") Duration retryDelay,
    @DefaultValue("30m") Duration longestRetryDelay,
    @DefaultValue("100") int inFlight,
    @DefaultValue("1s") Duration pollTimeout,
    @DefaultValue("20s") Duration drainTimeout) {

  /**
   * ReceiveMessage's longest WaitTimeSeconds:
   * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ReceiveMessage.html
   */
  private static final Duration LONGEST_POLL = Duration.ofSeconds(20);

  /**
   * SQS keeps a message hidden for 12 hours at most:
   * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ChangeMessageVisibility.html
   */
  private static final Duration LONGEST_HANDLING = Duration.ofHours(11);

  public MessagingProperties {
    handledTable.ifPresent(table -> demand(!table.isBlank(), "handled-table", "a name", table));
    demand(lease.compareTo(Duration.ofSeconds(1)) >= 0, "lease", "1s or more", lease);
    demand(
        longestHandling.compareTo(Duration.ofSeconds(1)) >= 0
            && longestHandling.compareTo(LONGEST_HANDLING) <= 0,
        "longest-handling",
        "1s to 11h",
        longestHandling);
    demand(maxAttempts >= 1, "max-attempts", "1 or more", maxAttempts);
    demand(retryDelay.isPositive(), "retry-delay", "more than 0s", retryDelay);
    demand(
        longestRetryDelay.compareTo(retryDelay) >= 0,
        "longest-retry-delay",
        "as long as smartdoor.messaging.retry-delay or longer",
        "%s and %s".formatted(asWritten(longestRetryDelay), asWritten(retryDelay)));
    demand(inFlight >= 1, "in-flight", "1 or more", inFlight);
    demand(
        !pollTimeout.isNegative()
            && pollTimeout.compareTo(LONGEST_POLL) <= 0
            && isWholeSeconds(pollTimeout),
        "poll-timeout",
        "whole seconds from 0s to 20s",
        pollTimeout);
    demand(!drainTimeout.isNegative(), "drain-timeout", "0s or more", drainTimeout);
  }

  /** SQS counts in whole seconds. */
  private static boolean isWholeSeconds(Duration duration) {
    return duration.equals(Duration.ofSeconds(duration.toSeconds()));
  }

  /** Durations as they are set: 10ms, not PT0.01S. */
  private static Object asWritten(Object found) {
    return found instanceof Duration it
        ? DurationFormatterUtils.print(it, DurationFormat.Style.COMPOSITE)
        : found;
  }

  private static void demand(boolean holds, String property, String expected, Object found) {
    if (!holds) {
      throw new IllegalArgumentException(
          "smartdoor.messaging.%s: expected %s, found %s"
              .formatted(property, expected, asWritten(found)));
    }
  }
}
