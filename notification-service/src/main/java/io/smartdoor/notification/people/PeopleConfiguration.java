package io.smartdoor.notification.people;

import io.smartdoor.notification.memory.Memory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

@Configuration(proxyBeanMethods = false)
class PeopleConfiguration {

  @Bean
  People people(
      DynamoDbClient dynamoDb,
      @Value("${smartdoor.notification.people-table}") String table,
      Memory memory) {
    return new RememberedPeople(new DynamoDbPeople(dynamoDb, table), memory);
  }
}
