package io.smartdoor.http;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.context.annotation.Bean;

/**
 * Tells the questions apart that are asked of a service: whether to start it anew (liveness),
 * whether to send it requests (readiness), and whether a release of it is any good (startup). The
 * groups stand in http-defaults.properties.
 */
@AutoConfiguration(
    beforeName =
        "org.springframework.boot.health.autoconfigure.registry.HealthContributorRegistryAutoConfiguration")
class HealthAutoConfiguration {

  /** By this name it is part of the group {@code readiness}. */
  @Bean("aws")
  AwsHealth aws(ObjectProvider<AwsNeed> needs) {
    return new AwsHealth(needs.orderedStream().toList(), System::nanoTime);
  }

  /** By this name it is part of the group {@code startup}. */
  @Bean("awsReached")
  AwsReached awsReached(AwsHealth aws, ObjectProvider<AwsNeedToStart> needs) {
    var toStart = needs.orderedStream().map(it -> (AwsNeed) it::ask).toList();
    return new AwsReached(aws, new AwsHealth(toStart, System::nanoTime));
  }
}
