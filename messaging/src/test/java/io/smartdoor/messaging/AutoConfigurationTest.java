package io.smartdoor.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import io.awspring.cloud.autoconfigure.core.AwsAutoConfiguration;
import io.awspring.cloud.autoconfigure.core.CredentialsProviderAutoConfiguration;
import io.awspring.cloud.autoconfigure.core.RegionProviderAutoConfiguration;
import io.smartdoor.events.EventCodec;
import io.smartdoor.messaging.consuming.EventDecoder;
import io.smartdoor.messaging.consuming.HandlingOutcome;
import io.smartdoor.messaging.consuming.Subscription;
import io.smartdoor.messaging.idempotency.IdempotencyStore;
import io.smartdoor.messaging.publishing.EventPublisher;
import io.smartdoor.messaging.testing.RecordingPublisher;
import io.smartdoor.messaging.testing.SettableClock;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.annotation.ImportCandidates;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.eventbridge.EventBridgeClient;
import software.amazon.awssdk.services.sqs.SqsClient;

class AutoConfigurationTest {

  private final ApplicationContextRunner application =
      new ApplicationContextRunner()
          .withConfiguration(
              AutoConfigurations.of(
                  AwsAutoConfiguration.class,
                  CredentialsProviderAutoConfiguration.class,
                  RegionProviderAutoConfiguration.class))
          .withConfiguration(AutoConfigurations.of(ownAutoConfigurations()))
          .withPropertyValues(
              "spring.cloud.aws.region.static=eu-central-1",
              "spring.cloud.aws.credentials.access-key=000000000000",
              "spring.cloud.aws.credentials.secret-key=local",
              "smartdoor.bus.name=smartdoor");

  @Test
  void givesAPublisherAndNothingToRememberToWhoeverOnlyPublishes() {
    application.run(context -> {
      assertThat(context).hasSingleBean(EventPublisher.class);
      assertThat(context).hasSingleBean(EventCodec.class);
      assertThat(context).hasSingleBean(Clock.class);
      assertThat(context).hasSingleBean(EventBridgeClient.class);
      assertThat(context).hasSingleBean(DynamoDbClient.class);
      assertThat(context).doesNotHaveBean(IdempotencyStore.class);
      assertThat(context).doesNotHaveBean(SqsClient.class);
    });
  }

  @Test
  void givesAStoreToWhoeverNamesItsTable() {
    application
        .withPropertyValues("smartdoor.messaging.handled-table=handled")
        .run(context -> assertThat(context).hasSingleBean(IdempotencyStore.class));
  }

  @Test
  void stepsBackForAnApplicationsOwnBeans() {
    application
        .withBean(EventPublisher.class, RecordingPublisher::new)
        .withBean(Clock.class, () -> new SettableClock(Instant.EPOCH))
        .run(context -> {
          assertThat(context).getBean(EventPublisher.class).isInstanceOf(RecordingPublisher.class);
          assertThat(context).getBean(Clock.class).isInstanceOf(SettableClock.class);
        });
  }

  @Test
  void saysWhatASubscriptionLacks() {
    application
        .withBean(
            Subscription.class,
            () ->
                new Subscription<>(
                    "test",
                    "queue",
                    "dlq",
                    EventDecoder.ofSmartDoorEvents(new EventCodec()),
                    _ -> HandlingOutcome.done()))
        .run(context ->
            assertThat(context)
                .getFailure()
                .rootCause()
                .hasMessage("a subscription needs smartdoor.messaging.handled-table"));
  }

  @Test
  void hasDefaultsForEverythingElse() {
    application.run(context -> {
      var properties = context.getBean(MessagingProperties.class);
      assertThat(properties.lease()).isEqualTo(Duration.ofSeconds(20));
      assertThat(properties.maxAttempts()).isEqualTo(10);
      assertThat(properties.inFlight()).isEqualTo(100);
      assertThat(properties.pollTimeout()).isEqualTo(Duration.ofSeconds(1));
      assertThat(properties.drainTimeout()).isEqualTo(Duration.ofSeconds(20));
      assertThat(properties.longestHandling()).isEqualTo(Duration.ofMinutes(5));
    });
  }

  @ParameterizedTest
  @CsvSource({
    "smartdoor.messaging.lease, 10ms, 'smartdoor.messaging.lease: expected 1s or more, found 10ms'",
    "smartdoor.messaging.max-attempts, 0, 'smartdoor.messaging.max-attempts: expected 1 or more, found 0'",
    "smartdoor.messaging.in-flight, 0, 'smartdoor.messaging.in-flight: expected 1 or more, found 0'",
    "smartdoor.messaging.poll-timeout, 1500ms, 'smartdoor.messaging.poll-timeout: expected whole seconds from 0s to 20s, found 1s500ms'",
    "smartdoor.messaging.poll-timeout, 21s, 'smartdoor.messaging.poll-timeout: expected whole seconds from 0s to 20s, found 21s'",
    "smartdoor.messaging.handled-table, ' ', 'smartdoor.messaging.handled-table: expected a name, found '",
    "smartdoor.messaging.retry-delay, 0s, 'smartdoor.messaging.retry-delay: expected more than 0s, found 0s'",
    "smartdoor.messaging.longest-retry-delay, 1s, 'smartdoor.messaging.longest-retry-delay: expected as long as smartdoor.messaging.retry-delay or longer, found 1s and 2s'",
    "smartdoor.messaging.drain-timeout, -1s, 'smartdoor.messaging.drain-timeout: expected 0s or more, found -1s'",
    "smartdoor.messaging.longest-handling, 12h, 'smartdoor.messaging.longest-handling: expected 1s to 11h, found 12h'",
    "smartdoor.bus.name, ' ', 'smartdoor.bus.name: expected the name or ARN of an event bus, found \"\"'",
    "smartdoor.bus.name, smart door, 'smartdoor.bus.name: expected the name or ARN of an event bus, found \"smart door\"'",
    "smartdoor.bus.name, arn:aws:events:eu-central-1:1:event-bus/b, 'smartdoor.bus.name: expected the name or ARN of an event bus, found \"arn:aws:events:eu-central-1:1:event-bus/b\"'"
  })
  void saysWhichPropertyIsWrong(String property, String value, String message) {
    application
        .withPropertyValues(property + "=" + value)
        .run(context -> assertThat(context).getFailure().rootCause().hasMessage(message));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "my_Doors.2-x",
        "arn:aws:events:eu-central-1:000000000000:event-bus/smartdoor",
        "arn:aws-us-gov:events:us-gov-west-1:000000000000:event-bus/smartdoor"
      })
  void takesEveryFormOfABusName(String name) {
    application
        .withPropertyValues("smartdoor.bus.name=" + name)
        .run(context -> assertThat(context).hasNotFailed());
  }

  private static Class<?>[] ownAutoConfigurations() {
    return ImportCandidates.load(
            org.springframework.boot.autoconfigure.AutoConfiguration.class,
            AutoConfigurationTest.class.getClassLoader())
        .getCandidates()
        .stream()
        .filter(name -> name.startsWith("io.smartdoor."))
        .map(AutoConfigurationTest::load)
        .toArray(Class<?>[]::new);
  }

  private static Class<?> load(String name) {
    try {
      return Class.forName(name);
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(e);
    }
  }
}
