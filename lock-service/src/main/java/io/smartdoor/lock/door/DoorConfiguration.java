package io.smartdoor.lock.door;

import io.awspring.cloud.autoconfigure.core.AwsClientBuilderConfigurer;
import io.smartdoor.events.DoorState;
import io.smartdoor.http.UnusableSettingException;
import io.smartdoor.messaging.AwsClients;
import io.swagger.v3.oas.models.media.StringSchema;
import java.security.SecureRandom;
import java.util.Arrays;
import org.springdoc.core.customizers.GlobalOpenApiCustomizer;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;

/** Puts together where doors are kept. */
@Configuration(proxyBeanMethods = false)
class DoorConfiguration {

  /** The data key is read once: another one would make every stored key unreadable anyway. */
  @Bean
  DoorKeyCipher doorKeyCipher(
      AwsClientBuilderConfigurer aws,
      @Value("${smartdoor.lock.data-key-secret}") String secret,
      SecureRandom random) {
    return new DoorKeyCipher(dataKey(aws, secret), random);
  }

  private static String dataKey(AwsClientBuilderConfigurer aws, String secret) {
    try (var secrets = AwsClients.build(aws, SecretsManagerClient.builder())) {
      var dataKey = secrets.getSecretValue(it -> it.secretId(secret)).secretString();
      if (dataKey == null || dataKey.isBlank()) {
        throw unusable(secret, "no text in it");
      }
      return dataKey;
    } catch (SdkException e) {
      throw unusable(secret, String.valueOf(e.getMessage()));
    }
  }

  private static UnusableSettingException unusable(String secret, String found) {
    return new UnusableSettingException(
        "smartdoor.lock.data-key-secret: expected a secret %s in Secrets Manager, found: %s"
            .formatted(secret, found));
  }

  @Bean
  Doors doors(
      DynamoDbClient dynamoDb,
      @Value("${smartdoor.lock.doors-table}") String table,
      DoorKeyCipher cipher,
      SecureRandom random) {
    return new DynamoDbDoors(dynamoDb, table, cipher, DoorKey.generate(random));
  }

  @Bean
  GlobalOpenApiCustomizer documentedDoorStates() {
    var states = new StringSchema();
    Arrays.stream(DoorState.values()).map(DoorState::text).forEach(states::addEnumItem);
    return document -> document.schema(DoorStates.NAME, states);
  }
}
