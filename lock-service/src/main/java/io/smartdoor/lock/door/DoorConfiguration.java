package io.smartdoor.lock.door;

import com.github.benmanes.caffeine.cache.Ticker;
import io.awspring.cloud.autoconfigure.core.AwsClientBuilderConfigurer;
import io.smartdoor.events.DoorState;
import io.smartdoor.http.UnusableSettingException;
import io.smartdoor.messaging.AwsClients;
import io.swagger.v3.oas.models.media.StringSchema;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import org.springdoc.core.customizers.GlobalOpenApiCustomizer;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;

/** Puts together where doors are kept. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(DoorConfiguration.Settings.class)
class DoorConfiguration {

  /** As described in application.yaml. */
  @ConfigurationProperties("smartdoor.lock.remembered-doors")
  record Settings(int most, Duration removalsSeenAfter, Duration readAnewAfter) {

    Settings {
      demand(most >= 0, "most", "0 or more", most);
      demand(
          !removalsSeenAfter.isNegative(), "removals-seen-after", "0s or more", removalsSeenAfter);
      demand(!readAnewAfter.isNegative(), "read-anew-after", "0s or more", readAnewAfter);
    }

    private static void demand(boolean holds, String property, String expected, Object found) {
      UnusableSettingException.unless(
          holds, "smartdoor.lock.remembered-doors." + property, expected, found);
    }
  }

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
      SecureRandom random,
      Settings settings) {
    return new RememberingDoors(
        new DynamoDbDoors(dynamoDb, table, cipher, DoorKey.generate(random)),
        settings.most(),
        settings.removalsSeenAfter(),
        settings.readAnewAfter(),
        Ticker.systemTicker());
  }

  @Bean
  GlobalOpenApiCustomizer documentedDoorStates() {
    var states = new StringSchema();
    Arrays.stream(DoorState.values()).map(DoorState::text).forEach(states::addEnumItem);
    return document -> document.schema(DoorStates.NAME, states);
  }
}
