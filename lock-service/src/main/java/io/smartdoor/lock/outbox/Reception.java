package io.smartdoor.lock.outbox;

import io.smartdoor.messaging.publishing.PublishOutcome;
import java.util.List;

/** How the bus received a batch. */
enum Reception {
  /** Every event of it was taken, or refused for good: the bus is there. */
  WHOLE,
  /** Some were not taken, or the only one was not: the bus may be at fault, or the event. */
  PARTLY,
  /** None of several was taken: it is no use to go on. */
  NOT_AT_ALL;

  /** What these outcomes come to; without any, nothing speaks against the bus. */
  static Reception of(List<PublishOutcome> outcomes) {
    var failed = outcomes.stream().filter(PublishOutcome.Failed.class::isInstance).count();
    if (failed == 0) {
      return WHOLE;
    }
    return failed == outcomes.size() && failed > 1 ? NOT_AT_ALL : PARTLY;
  }
}
