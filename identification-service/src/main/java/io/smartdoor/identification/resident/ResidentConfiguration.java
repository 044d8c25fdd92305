package io.smartdoor.identification.resident;

import io.smartdoor.http.AwsNeed;
import io.smartdoor.http.UnusableSettingException;
import java.security.SecureRandom;
import java.util.Map;
import java.util.UUID;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(ResidentConfiguration.Resources.class)
class ResidentConfiguration {

  /**
   * Where residents are kept, by outputs of stack {@code identification}.
   *
   * @param residentsTable DynamoDB table of residents and their credentials
   */
  @ConfigurationProperties("smartdoor.identification")
  record Resources(String residentsTable) {

    Resources {
      UnusableSettingException.unlessSet(
          residentsTable, "smartdoor.identification.residents-table", "the name of a table");
    }
  }

  /** Without its table no resident is known. Its queue and its workflow can wait. */
  @Bean
  AwsNeed residentsTable(DynamoDbClient dynamoDb, Resources resources) {
    return limit ->
        dynamoDb.getItem(it ->
            it.tableName(resources.residentsTable())
                .key(Map.of("id", AttributeValue.fromS("nobody")))
                .projectionExpression("id")
                .overrideConfiguration(how -> how.apiCallTimeout(limit)));
  }

  @Bean
  Residents residents(DynamoDbClient dynamoDb, Resources resources) {
    return new DynamoDbResidents(
        dynamoDb, resources.residentsTable(), UUID::randomUUID, new SecureRandom());
  }
}
