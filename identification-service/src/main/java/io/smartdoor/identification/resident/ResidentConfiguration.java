package io.smartdoor.identification.resident;

import java.security.SecureRandom;
import java.util.UUID;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

@Configuration(proxyBeanMethods = false)
class ResidentConfiguration {

  @Bean
  Residents residents(
      DynamoDbClient dynamoDb, @Value("${smartdoor.identification.residents-table}") String table) {
    return new DynamoDbResidents(dynamoDb, table, UUID::randomUUID, new SecureRandom());
  }
}
