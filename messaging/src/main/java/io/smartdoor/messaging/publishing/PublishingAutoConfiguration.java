package io.smartdoor.messaging.publishing;

import io.awspring.cloud.autoconfigure.core.AwsAutoConfiguration;
import io.awspring.cloud.autoconfigure.core.AwsClientBuilderConfigurer;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.smartdoor.messaging.AwsClients;
import io.smartdoor.messaging.Backoff;
import io.smartdoor.messaging.MessagingAutoConfiguration;
import io.smartdoor.messaging.tracing.Traces;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import software.amazon.awssdk.services.eventbridge.EventBridgeClient;

/**
 * An {@link EventPublisher} for every application that names its bus in {@code smartdoor.bus.name}.
 */
@AutoConfiguration(after = {AwsAutoConfiguration.class, MessagingAutoConfiguration.class})
@ConditionalOnProperty("smartdoor.bus.name")
@EnableConfigurationProperties(BusProperties.class)
final class PublishingAutoConfiguration {

  @Bean
  @ConditionalOnMissingBean
  EventBridgeClient eventBridgeClient(AwsClientBuilderConfigurer configurer) {
    return AwsClients.build(configurer, EventBridgeClient.builder());
  }

  @Bean
  EventBus eventBus(EventBridgeClient client, BusProperties bus) {
    var name = bus.name().orElseThrow();
    return limit ->
        client.describeEventBus(
            it -> it.name(name).overrideConfiguration(how -> how.apiCallTimeout(limit)));
  }

  @Bean
  @ConditionalOnMissingBean
  EventPublisher eventPublisher(
      EventBridgeClient client,
      BusProperties bus,
      ObjectProvider<MeterRegistry> meters,
      Traces traces) {
    return new EventBridgePublisher(
        client,
        bus.name().orElseThrow(),
        new Backoff(
            Duration.ofMillis(100),
            Duration.ofSeconds(1),
            () -> ThreadLocalRandom.current().nextDouble()),
        Thread::sleep,
        meters.getIfAvailable(CompositeMeterRegistry::new),
        traces);
  }
}
