package io.smartdoor.http;

import java.util.List;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;

/**
 * Whether the service has had once what it needs of AWS. A release that lacks a permission, or is
 * told a wrong name, never has; one that has had it is not to blame for what AWS does later, and
 * nobody is to replace it for that. Once it had, AWS is asked no more. Safe for use by several
 * threads.
 */
final class AwsReached implements HealthIndicator {

  private final List<AwsHealth> all;
  private volatile boolean reached;

  AwsReached(AwsHealth... all) {
    this.all = List.of(all);
  }

  @Override
  public Health health() {
    if (!reached) {
      reached = all.stream().allMatch(it -> it.health().getStatus().equals(Status.UP));
    }
    return (reached ? Health.up() : Health.down()).build();
  }
}
