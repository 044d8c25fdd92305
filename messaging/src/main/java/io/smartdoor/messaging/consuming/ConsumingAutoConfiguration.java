package io.smartdoor.messaging.consuming;

import io.awspring.cloud.autoconfigure.sqs.SqsAutoConfiguration;
import io.awspring.cloud.sqs.listener.MessageListenerContainerRegistry;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.smartdoor.messaging.Backoff;
import io.smartdoor.messaging.MessagingAutoConfiguration;
import io.smartdoor.messaging.MessagingProperties;
import io.smartdoor.messaging.idempotency.IdempotencyStore;
import java.time.Clock;
import java.util.concurrent.ThreadLocalRandom;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.context.annotation.Bean;
import software.amazon.awssdk.services.sqs.SqsAsyncClient;

/**
 * Polls the queue of every {@link Subscription} bean, from the start of the application to its end.
 */
@AutoConfiguration(
    after = {SqsAutoConfiguration.class, MessagingAutoConfiguration.class},
    afterName = "io.smartdoor.messaging.idempotency.IdempotencyAutoConfiguration")
@ConditionalOnBean(Subscription.class)
final class ConsumingAutoConfiguration {

  @Bean
  SmartInitializingSingleton subscriptions(
      ObjectProvider<Subscription<?>> subscriptions,
      ObjectProvider<IdempotencyStore> stores,
      MessageListenerContainerRegistry registry,
      SqsAsyncClient sqs,
      MessagingProperties properties,
      Clock clock,
      ObjectProvider<MeterRegistry> meterRegistry) {
    return () -> {
      var store = stores.getIfAvailable();
      if (store == null) {
        throw new IllegalStateException("a subscription needs smartdoor.messaging.handled-table");
      }
      var meters = meterRegistry.getIfAvailable(CompositeMeterRegistry::new);
      var backoff =
          new Backoff(
              properties.retryDelay(),
              properties.longestRetryDelay(),
              () -> ThreadLocalRandom.current().nextDouble());
      subscriptions
          .orderedStream()
          .forEach(subscription -> {
            var metrics = new ConsumerMetrics(meters, subscription.name());
            var consumer =
                new QueueConsumer<>(
                    subscription, store, clock, backoff, properties.maxAttempts(), metrics);
            registry.registerListenerContainer(
                QueueListener.container(sqs, subscription, consumer, properties));
          });
    };
  }
}
