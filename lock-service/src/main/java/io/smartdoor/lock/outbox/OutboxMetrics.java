package io.smartdoor.lock.outbox;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the outbox shows of itself.
 *
 * <p>Counters count attempts whose outcome is written down in the outbox: an event is published
 * here when nothing is left to do for it, not when the bus took it. How the bus answered, entry by
 * entry, is {@code smartdoor.events.published}; where that is ahead of {@code
 * smartdoor.outbox.published}, outcomes were lost and events went out twice. Gauges are as of this
 * instance's last survey, but for the time since its last sweep.
 */
final class OutboxMetrics {

  private static final Logger log = LoggerFactory.getLogger(OutboxMetrics.class);
  private static final String PARKED = "smartdoor.outbox.parked";
  private static final String PENDING = "smartdoor.outbox.pending";
  private static final String OLDEST_PENDING = "smartdoor.outbox.oldest-pending-seconds";

  private final Counter published;
  private final Counter failed;
  private final Counter refused;
  private final Counter unreadable;
  private final Clock clock;
  private volatile Instant sweptAt;
  private volatile Backlog.Survey survey = new Backlog.Survey(0, 0);
  private volatile Optional<Instant> oldest = Optional.empty();

  OutboxMetrics(MeterRegistry meters, Clock clock) {
    this.clock = clock;
    sweptAt = clock.instant();
    published =
        Counter.builder("smartdoor.outbox.published")
            .description("Events that are on the bus and done with")
            .register(meters);
    failed =
        Counter.builder("smartdoor.outbox.failed")
            .description("Attempts to publish that failed and are put off")
            .register(meters);
    refused =
        Counter.builder("smartdoor.outbox.refused")
            .description("Events that the bus refused for good and that were parked")
            .register(meters);
    unreadable =
        Counter.builder("smartdoor.outbox.unreadable")
            .description("How often an item was met that cannot be read")
            .register(meters);
    Gauge.builder(PENDING, () -> survey.pending())
        .description("Accepted events that are not known to be on the bus")
        .register(meters);
    Gauge.builder(OLDEST_PENDING, this::secondsPending)
        .description("Age of the event that is pending for longest")
        .register(meters);
    Gauge.builder(PARKED, () -> survey.parked())
        .description("Events that the bus refused for good and that wait for a person")
        .register(meters);
    Gauge.builder("smartdoor.outbox.seconds-since-sweep", () -> secondsSince(sweptAt))
        .description("Since this instance last went through every shard, or was started")
        .register(meters);
  }

  void count(Settlement settlement) {
    switch (settlement) {
      case Settlement.Published _ -> published.increment();
      case Settlement.RetryAt _ -> failed.increment();
      case Settlement.Parked _ -> refused.increment();
    }
  }

  /**
   * Where something waits, it is also said in the log, under the names of the gauges: where logs
   * are collected and nobody asks each instance for its metrics, alarms are raised by that line
   * (infra/stacks/lock-service.yaml).
   */
  void showOldest(Optional<Instant> latest) {
    oldest = latest;
    if (latest.isPresent()) {
      var seconds = secondsPending();
      log.atInfo()
          .addKeyValue(OLDEST_PENDING, seconds)
          .log("the oldest event waits for the bus for {} s", Math.round(seconds));
    }
  }

  /** Said in the log as well, like {@link #showOldest}. */
  void show(Backlog.Survey latest) {
    survey = latest;
    if (latest.pending() > 0 || latest.parked() > 0) {
      log.atInfo()
          .addKeyValue(PENDING, latest.pending())
          .addKeyValue(PARKED, latest.parked())
          .log(
              "{} events wait for the bus; it refused {} for good",
              latest.pending(),
              latest.parked());
    }
  }

  void unreadable() {
    unreadable.increment();
  }

  /** Every shard was gone through just now. */
  void swept() {
    sweptAt = clock.instant();
  }

  private double secondsPending() {
    return oldest.map(this::secondsSince).orElse(0.0);
  }

  private double secondsSince(Instant then) {
    return Duration.between(then, clock.instant()).toMillis() / 1000.0;
  }
}
