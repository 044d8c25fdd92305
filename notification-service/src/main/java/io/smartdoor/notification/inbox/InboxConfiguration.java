package io.smartdoor.notification.inbox;

import io.smartdoor.notification.delivery.Channel;
import io.smartdoor.notification.recipient.DynamoDbPresence;
import java.time.Clock;
import java.time.Duration;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

@Configuration(proxyBeanMethods = false)
class InboxConfiguration {

  /** Well below the lease of an event, of which several such waits are a part. */
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  @Bean
  DynamoDbInbox inbox(
      DynamoDbClient dynamoDb,
      @Value("${smartdoor.notification.inbox-table}") String table,
      DynamoDbPresence recipients,
      Clock clock) {
    return new DynamoDbInbox(dynamoDb, table, recipients, clock, PATIENCE);
  }

  @Bean
  Channel inboxChannel(Inbox inbox) {
    return new InboxChannel(inbox);
  }
}
