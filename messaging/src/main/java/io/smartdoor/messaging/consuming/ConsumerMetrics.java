package io.smartdoor.messaging.consuming;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.smartdoor.messaging.consuming.Disposition.DeadLettered;
import io.smartdoor.messaging.consuming.Disposition.Duplicate;
import io.smartdoor.messaging.consuming.Disposition.Handled;
import io.smartdoor.messaging.consuming.Disposition.LeftOnQueue;
import java.time.Duration;
import java.util.function.Supplier;

/** What one subscription counts, by detail-type. */
final class ConsumerMetrics {

  /** The detail-type of what could not be decoded. */
  static final String UNKNOWN = "unknown";

  private final MeterRegistry meters;
  private final String subscriber;

  ConsumerMetrics(MeterRegistry meters, String subscriber) {
    this.meters = meters;
    this.subscriber = subscriber;
  }

  void claimed(String detailType) {
    increment("smartdoor.events.claimed", detailType);
  }

  /** How long an event that is begun with was on its way since the system took it. */
  void waited(String detailType, Duration lag) {
    meters
        .timer("smartdoor.events.lag", "subscriber", subscriber, "detail-type", detailType)
        // Clocks differ, and a timer ignores what is below zero.
        .record(lag.isNegative() ? Duration.ZERO : lag);
  }

  void count(String detailType, Disposition disposition) {
    switch (disposition) {
      case Handled() -> increment("smartdoor.events.handled", detailType);
      case Duplicate() -> increment("smartdoor.events.duplicates", detailType);
      case LeftOnQueue(var cause, _) ->
          increment("smartdoor.events.retried", detailType, "cause", cause.code());
      case DeadLettered(_, var by) ->
          increment("smartdoor.events.rejected", detailType, "reason", by.code());
    }
  }

  /** Runs a handler and takes its time, whether or not it succeeds. */
  <T> T timed(String detailType, Supplier<T> handling) {
    var timer =
        meters.timer(
            "smartdoor.events.handling", "subscriber", subscriber, "detail-type", detailType);
    var started = meters.config().clock().monotonicTime();
    try {
      return handling.get();
    } finally {
      timer.record(meters.config().clock().monotonicTime() - started, NANOSECONDS);
    }
  }

  private void increment(String name, String detailType, String... tags) {
    meters
        .counter(name, Tags.of("subscriber", subscriber, "detail-type", detailType).and(tags))
        .increment();
  }
}
