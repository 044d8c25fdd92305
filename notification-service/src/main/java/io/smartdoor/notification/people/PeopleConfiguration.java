package io.smartdoor.notification.people;

import io.smartdoor.http.UnusableSettingException;
import io.smartdoor.notification.memory.Memory;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(PeopleConfiguration.Resources.class)
class PeopleConfiguration {

  /**
   * Where names are kept, by outputs of stack {@code notification}.
   *
   * @param peopleTable DynamoDB table of what to call people
   */
  @ConfigurationProperties("smartdoor.notification")
  record Resources(String peopleTable) {

    Resources {
      UnusableSettingException.unlessSet(
          peopleTable, "smartdoor.notification.people-table", "the name of a table");
    }
  }

  @Bean
  People people(DynamoDbClient dynamoDb, Resources resources, Memory memory) {
    return new RememberedPeople(new DynamoDbPeople(dynamoDb, resources.peopleTable()), memory);
  }
}
