package io.smartdoor.http;

import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/**
 * Whether the service has what it {@linkplain AwsNeed needs} of AWS. What was found is said again
 * for some seconds: whoever asks often costs nothing. Safe for use by several threads.
 */
final class AwsHealth implements HealthIndicator {

  /** Half of what a load balancer waits between two looks. */
  static final Duration REMEMBERED = Duration.ofSeconds(5);

  /** For all needs together. Less than a load balancer waits for an answer. */
  static final Duration LIMIT = Duration.ofSeconds(2);

  private static final Logger log = LoggerFactory.getLogger(AwsHealth.class);

  private final List<AwsNeed> needs;
  private final LongSupplier nanoTime;
  private boolean up = true;
  private boolean known;
  private long since;

  AwsHealth(List<AwsNeed> needs, LongSupplier nanoTime) {
    this.needs = List.copyOf(needs);
    this.nanoTime = nanoTime;
  }

  @Override
  public synchronized Health health() {
    if (!known || nanoTime.getAsLong() - since >= REMEMBERED.toNanos()) {
      look();
      known = true;
      since = nanoTime.getAsLong();
    }
    return (up ? Health.up() : Health.down()).build();
  }

  private void look() {
    var was = up;
    try {
      var began = nanoTime.getAsLong();
      needs.forEach(it -> it.ask(left(nanoTime.getAsLong() - began)));
      up = true;
      if (!was) {
        log.info("AWS is there again: ready");
      }
    } catch (RuntimeException e) {
      up = false;
      if (was) {
        log.warn("not ready without AWS: {}", e.toString());
      }
    }
  }

  private static Duration left(long nanos) {
    var left = LIMIT.minusNanos(nanos);
    if (!left.isPositive()) {
      throw new IllegalStateException("no answer within " + LIMIT);
    }
    return left;
  }
}
