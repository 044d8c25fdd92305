package io.smartdoor.lock.outbox;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;

/** What the outbox shows of itself. Gauges are as of this instance's last sweep. */
final class OutboxMetrics {

  private final Counter published;
  private final Counter failed;
  private final Counter refused;
  private volatile Backlog.Survey survey = new Backlog.Survey(0, Optional.empty(), 0);

  OutboxMetrics(MeterRegistry meters, Clock clock) {
    published =
        Counter.builder("smartdoor.outbox.published")
            .description("Events that the bus took")
            .register(meters);
    failed =
        Counter.builder("smartdoor.outbox.failed")
            .description("Attempts to publish that are repeated later")
            .register(meters);
    refused =
        Counter.builder("smartdoor.outbox.refused")
            .description("Events that the bus refused for good")
            .register(meters);
    Gauge.builder("smartdoor.outbox.pending", () -> survey.pending())
        .description("Accepted events that are not known to be on the bus")
        .register(meters);
    Gauge.builder("smartdoor.outbox.oldest-pending-seconds", () -> oldestAge(clock))
        .description("Age of the event that is pending for longest")
        .register(meters);
    Gauge.builder("smartdoor.outbox.parked", () -> survey.parked())
        .description("Events that the bus refused for good and that wait for a person")
        .register(meters);
  }

  void count(Settlement settlement) {
    switch (settlement) {
      case Settlement.Published _ -> published.increment();
      case Settlement.RetryAt _ -> failed.increment();
      case Settlement.Parked _ -> refused.increment();
    }
  }

  void show(Backlog.Survey latest) {
    survey = latest;
  }

  private double oldestAge(Clock clock) {
    return survey
        .oldest()
        .map(since -> Duration.between(since, clock.instant()).toMillis() / 1000.0)
        .orElse(0.0);
  }
}
