package io.smartdoor.notification.inbox;

import io.smartdoor.http.UnusableSettingException;
import io.smartdoor.notification.delivery.Channel;
import io.smartdoor.notification.recipient.DynamoDbPresence;
import java.time.Clock;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(InboxConfiguration.Resources.class)
class InboxConfiguration {

  /**
   * Where inboxes are kept, by outputs of stack {@code notification}.
   *
   * @param inboxTable DynamoDB table of the inboxes
   */
  @ConfigurationProperties("smartdoor.notification")
  record Resources(String inboxTable) {

    Resources {
      UnusableSettingException.unlessSet(
          inboxTable, "smartdoor.notification.inbox-table", "the name of a table");
    }
  }

  /**
   * Longer than a hundred events of one recipient take, which is how many may wait. Who gives up
   * comes back for all recipients, those who were told included: the more do, the less gets done.
   * Leases are renewed meanwhile, and who stops interrupts the wait.
   */
  private static final Duration PATIENCE = Duration.ofSeconds(15);

  @Bean
  DynamoDbInbox inbox(
      DynamoDbClient dynamoDb, Resources resources, DynamoDbPresence recipients, Clock clock) {
    return new DynamoDbInbox(dynamoDb, resources.inboxTable(), recipients, clock, PATIENCE);
  }

  @Bean
  Channel inboxChannel(Inbox inbox) {
    return new InboxChannel(inbox);
  }
}
