package io.smartdoor.lock.outbox;

import io.smartdoor.messaging.publishing.PublishOutcome;
import java.util.List;

/** How the bus received a batch. */
enum Reception {
  /** Every event of it was taken, or refused for good: the bus is there. */
  WHOLE,
  /** Some were not taken. */
  PARTLY,
  /** None was taken: it is no use to go on. */
  NOT_AT_ALL;

  /** What these outcomes come to; without any, nothing speaks against the bus. */
  static Reception of(List<PublishOutcome> outcomes) {
    var failed = outcomes.stream().filter(PublishOutcome.Failed.class::isInstance).count();
    if (failed == 0) {
      return WHOLE;
    }
    return failed == outcomes.size() ? NOT_AT_ALL : PARTLY;
  }
}
