package io.smartdoor.notification.recipient;

import io.smartdoor.notification.memory.Memory;
import java.util.List;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

@Configuration(proxyBeanMethods = false)
class RecipientConfiguration {

  @Bean
  Recipients recipients(
      DynamoDbClient dynamoDb,
      @Value("${smartdoor.notification.recipients-table}") String table,
      Memory memory) {
    return new RememberedRecipients(new DynamoDbRecipients(dynamoDb, table), memory);
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
