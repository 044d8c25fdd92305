package io.smartdoor.lock.outbox;

import io.smartdoor.messaging.publishing.PublishOutcome;
import java.time.Duration;
import java.time.Instant;
import java.util.random.RandomGenerator;

/**
 * How long things take in the outbox.
 *
 * @param lease how long whoever takes an event is left alone with it
 * @param firstDelay before the second attempt; it doubles with each further one
 * @param longestDelay between attempts
 * @param retention of what was published: for so long a repeated request gets its first answer
 */
record RelayPolicy(Duration lease, Duration firstDelay, Duration longestDelay, Duration retention) {

  /** As long as handled events are remembered by whoever handles them. */
  static final Duration RETENTION = Duration.ofDays(90);

  /** 2^16 times any delay is longer than the longest. */
  private static final int MOST_DOUBLINGS = 16;

  /** What {@code outcome} means for {@code event}. */
  Settlement settle(
      PendingEvent event, PublishOutcome outcome, Instant now, RandomGenerator random) {
    return switch (outcome) {
      case PublishOutcome.Published _ -> new Settlement.Published(now, now.plus(retention));
      case PublishOutcome.Failed _ ->
          new Settlement.RetryAt(now.plus(delay(event.attempts(), random)));
      case PublishOutcome.Refused refused ->
          new Settlement.Parked(now, refused.code(), refused.message());
    };
  }

  /**
   * Doubles up to the longest; spread over its upper half, so that a crowd does not return at once.
   */
  private Duration delay(int attempts, RandomGenerator random) {
    var doubled = firstDelay.multipliedBy(1L << Math.min(attempts, MOST_DOUBLINGS));
    var longest = doubled.compareTo(longestDelay) < 0 ? doubled : longestDelay;
    return longest.dividedBy(2).plusMillis(random.nextLong(longest.toMillis() / 2 + 1));
  }
}
