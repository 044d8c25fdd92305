package io.smartdoor.notification.recipient;

import io.smartdoor.http.AwsNeed;
import io.smartdoor.http.UnusableSettingException;
import io.smartdoor.notification.memory.Memory;
import java.util.List;
import java.util.Map;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(RecipientConfiguration.Resources.class)
class RecipientConfiguration {

  /**
   * Where recipients are kept, by outputs of stack {@code notification}.
   *
   * @param recipientsTable DynamoDB table of recipients
   */
  @ConfigurationProperties("smartdoor.notification")
  record Resources(String recipientsTable) {

    Resources {
      UnusableSettingException.unlessSet(
          recipientsTable, "smartdoor.notification.recipients-table", "the name of a table");
    }
  }

  @Bean
  Recipients recipients(DynamoDbClient dynamoDb, Resources resources, Memory memory) {
    return new RememberedRecipients(
        new DynamoDbRecipients(dynamoDb, resources.recipientsTable()), memory);
  }

  /** Without its table no phone is told anything. Its queue can wait. */
  @Bean
  AwsNeed recipientsTable(DynamoDbClient dynamoDb, Resources resources) {
    return limit ->
        dynamoDb.getItem(it ->
            it.tableName(resources.recipientsTable())
                .key(Map.of("id", AttributeValue.fromS("nobody")))
                .projectionExpression("id")
                .overrideConfiguration(how -> how.apiCallTimeout(limit)));
  }

  @Bean
  DynamoDbPresence presence(Resources resources) {
    return new DynamoDbPresence(resources.recipientsTable());
  }

  @Bean
  Register register(Recipients recipients, List<RecipientData> kept) {
    return new Register(recipients, kept);
  }
}
