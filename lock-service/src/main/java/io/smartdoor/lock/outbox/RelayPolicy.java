package io.smartdoor.lock.outbox;

import io.smartdoor.messaging.Backoff;
import io.smartdoor.messaging.publishing.PublishOutcome;
import java.time.Duration;
import java.time.Instant;

/**
 * How long things take in the outbox.
 *
 * @param lease how long whoever takes an event is left alone with it
 * @param backoff between attempts that the bus did not take
 * @param retention of what was published: for so long a repeated request gets its first answer
 */
record RelayPolicy(Duration lease, Backoff backoff, Duration retention) {

  /** As long as handled events are remembered by whoever handles them. */
  static final Duration RETENTION = Duration.ofDays(90);

  /** What {@code outcome} means for {@code event}. */
  Settlement settle(PendingEvent event, PublishOutcome outcome, Instant now) {
    return switch (outcome) {
      case PublishOutcome.Published _ -> new Settlement.Published(now, now.plus(retention));
      case PublishOutcome.Failed _ ->
          new Settlement.RetryAt(now.plus(backoff.delay(event.attempts() + 1)));
      case PublishOutcome.Refused refused ->
          new Settlement.Parked(now, refused.code(), refused.message());
    };
  }
}
