package io.smartdoor.messaging.idempotency;

import io.awspring.cloud.autoconfigure.core.AwsAutoConfiguration;
import io.awspring.cloud.autoconfigure.core.AwsClientBuilderConfigurer;
import io.smartdoor.messaging.AwsClients;
import io.smartdoor.messaging.MessagingAutoConfiguration;
import io.smartdoor.messaging.MessagingProperties;
import java.time.Clock;
import java.util.UUID;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/**
 * A {@link DynamoDbClient} for every service, and an {@link IdempotencyStore} for one that names
 * its table in {@code smartdoor.messaging.handled-table}.
 */
@AutoConfiguration(after = {AwsAutoConfiguration.class, MessagingAutoConfiguration.class})
final class IdempotencyAutoConfiguration {

  @Bean
  @ConditionalOnMissingBean
  DynamoDbClient dynamoDbClient(AwsClientBuilderConfigurer configurer) {
    return AwsClients.build(configurer, DynamoDbClient.builder());
  }

  @Bean
  @ConditionalOnMissingBean
  @ConditionalOnProperty("smartdoor.messaging.handled-table")
  IdempotencyStore idempotencyStore(
      DynamoDbClient client, MessagingProperties properties, Clock clock) {
    return new DynamoDbIdempotencyStore(
        client,
        properties.handledTable().orElseThrow(),
        properties.lease(),
        clock,
        UUID::randomUUID);
  }
}
