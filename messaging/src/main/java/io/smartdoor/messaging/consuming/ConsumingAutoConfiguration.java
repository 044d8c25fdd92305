package io.smartdoor.messaging.consuming;

import io.awspring.cloud.autoconfigure.core.AwsAutoConfiguration;
import io.awspring.cloud.autoconfigure.core.AwsClientBuilderConfigurer;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.smartdoor.messaging.AwsClients;
import io.smartdoor.messaging.MessagingAutoConfiguration;
import io.smartdoor.messaging.MessagingProperties;
import io.smartdoor.messaging.idempotency.IdempotencyStore;
import io.smartdoor.messaging.tracing.Traces;
import java.time.Clock;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import software.amazon.awssdk.services.sqs.SqsClient;

/**
 * Polls the queue of every {@link Subscription} bean, from the start of the application to its end.
 */
@AutoConfiguration(
    after = {AwsAutoConfiguration.class, MessagingAutoConfiguration.class},
    afterName = "io.smartdoor.messaging.idempotency.IdempotencyAutoConfiguration")
@ConditionalOnBean(Subscription.class)
final class ConsumingAutoConfiguration {

  @Bean
  @ConditionalOnMissingBean
  SqsClient sqsClient(AwsClientBuilderConfigurer configurer, MessagingProperties properties) {
    return AwsClients.buildToHoldOpen(configurer, SqsClient.builder(), properties.pollTimeout());
  }

  @Bean
  Subscriptions subscriptions(
      ObjectProvider<Subscription<?>> subscriptions,
      ObjectProvider<IdempotencyStore> stores,
      SqsClient sqs,
      MessagingProperties properties,
      Clock clock,
      ObjectProvider<MeterRegistry> meterRegistry,
      Traces traces) {
    return new Subscriptions(
        subscriptions,
        stores,
        sqs,
        properties,
        clock,
        meterRegistry.getIfAvailable(CompositeMeterRegistry::new),
        traces);
  }
}
