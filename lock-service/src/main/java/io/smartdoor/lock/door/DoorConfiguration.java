package io.smartdoor.lock.door;

import com.github.benmanes.caffeine.cache.Ticker;
import io.awspring.cloud.autoconfigure.core.AwsClientBuilderConfigurer;
import io.smartdoor.events.DoorState;
import io.smartdoor.http.AwsNeed;
import io.smartdoor.http.UnusableSettingException;
import io.smartdoor.messaging.AwsClients;
import io.swagger.v3.oas.models.media.StringSchema;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Supplier;
import javax.crypto.SecretKey;
import org.jspecify.annotations.Nullable;
import org.springdoc.core.customizers.GlobalOpenApiCustomizer;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import software.amazon.awssdk.core.exception.SdkServiceException;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;

/** Puts together where doors are kept. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({
  DoorConfiguration.Resources.class,
  DoorConfiguration.Settings.class
})
class DoorConfiguration {

  /**
   * Where doors are kept, by outputs of stack {@code lock}.
   *
   * @param doorsTable DynamoDB table of the doors
   * @param dataKeySecret secret in Secrets Manager that holds the data key
   */
  @ConfigurationProperties("smartdoor.lock")
  record Resources(String doorsTable, String dataKeySecret) {

    Resources {
      UnusableSettingException.unlessSet(
          doorsTable, "smartdoor.lock.doors-table", "the name of a table");
      UnusableSettingException.unlessSet(
          dataKeySecret, "smartdoor.lock.data-key-secret", "the name of a secret");
    }
  }

  /**
   * What an instance remembers.
   *
   * @param most doors that an instance remembers, at some 300 bytes; 0 or more
   * @param removalsSeenAfter how long a door that another instance removed may still report; 0s or
   *     more
   * @param readAnewAfter how long a change that somebody makes in the table by hand may go
   *     unnoticed; 0s or more
   */
  @ConfigurationProperties("smartdoor.lock.remembered-doors")
  record Settings(
      @DefaultValue("20000") int most,
      @DefaultValue("5s") Duration removalsSeenAfter,
      @DefaultValue("10m") Duration readAnewAfter) {

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

  @Bean
  DataKey dataKey(AwsClientBuilderConfigurer aws, Resources resources) {
    return new DataKey(() -> read(aws, resources.dataKeySecret()));
  }

  @Bean
  DoorKeyCipher doorKeyCipher(DataKey dataKey, SecureRandom random) {
    return new DoorKeyCipher(dataKey, random);
  }

  private static String read(AwsClientBuilderConfigurer aws, String secret) {
    try (var secrets = AwsClients.build(aws, SecretsManagerClient.builder())) {
      var dataKey = secrets.getSecretValue(it -> it.secretId(secret)).secretString();
      if (dataKey == null || dataKey.isBlank()) {
        throw unusable(secret, "no text in it");
      }
      return dataKey;
    } catch (SdkServiceException e) {
      throw unusable(secret, String.valueOf(e.getMessage()));
    }
  }

  private static UnusableSettingException unusable(String secret, String found) {
    return new UnusableSettingException(
        "smartdoor.lock.data-key-secret: expected a secret %s in Secrets Manager, found: %s"
            .formatted(secret, found));
  }

  /**
   * What doors' keys are encrypted with. It is read once, before the first webhook comes in:
   * another one would make every stored key unreadable anyway. Where it cannot be read, the service
   * does not start.
   *
   * <p>Not read while beans are made: until there the service needs no AWS, so that a start may be
   * rehearsed without one.
   */
  static final class DataKey implements SmartLifecycle, Supplier<SecretKey> {

    /** Before the outbox and the web server, whose phases are among the highest. */
    private static final int PHASE = 0;

    private final Supplier<String> secret;
    private volatile @Nullable SecretKey key;

    DataKey(Supplier<String> secret) {
      this.secret = secret;
    }

    /**
     * @throws IllegalStateException before it was read
     */
    @Override
    public SecretKey get() {
      var known = key;
      if (known == null) {
        throw new IllegalStateException("the data key is read when the service starts");
      }
      return known;
    }

    @Override
    public void start() {
      if (key == null) {
        key = DoorKeyCipher.derive(secret.get());
      }
    }

    /** Keeps it: who stops later may still need it. */
    @Override
    public void stop() {}

    @Override
    public boolean isRunning() {
      return key != null;
    }

    @Override
    public int getPhase() {
      return PHASE;
    }
  }

  @Bean
  Doors doors(
      DynamoDbClient dynamoDb,
      Resources resources,
      DoorKeyCipher cipher,
      SecureRandom random,
      Settings settings) {
    return new RememberingDoors(
        new DynamoDbDoors(dynamoDb, resources.doorsTable(), cipher, DoorKey.generate(random)),
        settings.most(),
        settings.removalsSeenAfter(),
        settings.readAnewAfter(),
        Ticker.systemTicker());
  }

  /** Without its table no webhook is accepted. The bus is nothing that a door waits for. */
  @Bean
  AwsNeed doorsTable(DynamoDbClient dynamoDb, Resources resources) {
    return limit ->
        dynamoDb.getItem(it ->
            it.tableName(resources.doorsTable())
                .key(Map.of("id", AttributeValue.fromS("nobody")))
                .projectionExpression("id")
                .overrideConfiguration(how -> how.apiCallTimeout(limit)));
  }

  @Bean
  GlobalOpenApiCustomizer documentedDoorStates() {
    var states = new StringSchema();
    Arrays.stream(DoorState.values()).map(DoorState::text).forEach(states::addEnumItem);
    return document -> document.schema(DoorStates.NAME, states);
  }
}
