package io.smartdoor.notification.recipient;

import java.util.List;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

@Configuration(proxyBeanMethods = false)
class RecipientConfiguration {

  @Bean
  Recipients recipients(
      DynamoDbClient dynamoDb, @Value("${smartdoor.notification.recipients-table}") String table) {
    return new DynamoDbRecipients(dynamoDb, table);
  }

  @Bean
  DynamoDbPresence presence(@Value("${smartdoor.notification.recipients-table}") String table) {
    return new DynamoDbPresence(table);
  }

  @Bean
  Register register(Recipients recipients, List<RecipientData> kept) {
    return new Register(recipients, kept);
  }
}
