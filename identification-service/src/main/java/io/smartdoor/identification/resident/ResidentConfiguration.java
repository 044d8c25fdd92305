package io.smartdoor.identification.resident;

import io.smartdoor.http.UnusableSettingException;
import java.security.SecureRandom;
import java.util.UUID;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

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

  @Bean
  Residents residents(DynamoDbClient dynamoDb, Resources resources) {
    return new DynamoDbResidents(
        dynamoDb, resources.residentsTable(), UUID::randomUUID, new SecureRandom());
  }
}
