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

  /**
   * Longer than a hundred events of one recipient take, which is how many may wait. Who gives up
   * comes back for all recipients, those who were told included: the more do, the less gets done.
   * Leases are renewed meanwhile, and who stops interrupts the wait.
   */
  private static final Duration PATIENCE = Duration.ofSeconds(15);

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
