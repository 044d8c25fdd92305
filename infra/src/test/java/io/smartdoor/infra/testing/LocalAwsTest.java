package io.smartdoor.infra.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

class LocalAwsTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://127.0.0.1:4566",
        "http://127.1.2.3:80",
        "http://localhost:4566",
        "http://[::1]:4566"
      })
  void usesAnAwsOfThisMachine(String endpoint) {
    assertThat(Emulator.onThisMachine(endpoint)).hasToString(endpoint);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://sqs.eu-central-1.amazonaws.com",
        "http://localhost.localstack.cloud:4566",
        "http://localhost@10.0.0.1:4566",
        "http://10.0.0.1:4566",
        "http://0.0.0.0:4566",
        "127.0.0.1:4566/",
        "localhost:4566"
      })
  void refusesAnAwsThatMayBeSomebodyElses(String endpoint) {
    assertThatThrownBy(() -> Emulator.onThisMachine(endpoint))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @CsvSource({
    "Queue, queue",
    "DeadLetterQueue, dead-letter-queue",
    "RuleDeadLetterQueue, rule-dead-letter-queue",
    "StateMachineArn, state-machine-arn"
  })
  void namesPropertiesInKebabCase(String outputKey, String property) {
    assertThat(LocalAws.inKebabCase(outputKey)).isEqualTo(property);
  }

  @Test
  void tellsAServiceWhereEverythingIs() {
    var aws = LocalAws.withStacks("identification");

    assertThat(aws.asEnvironment())
        .containsAllEntriesOf(
            Map.of(
                "AWS_ENDPOINT_URL",
                aws.endpoint().toString(),
                "AWS_ACCESS_KEY_ID",
                aws.account(),
                "SMARTDOOR_BUS_NAME",
                "smartdoor",
                "SMARTDOOR_IDENTIFICATION_DEADLETTERQUEUE",
                "smartdoor-identification-dlq"))
        .doesNotContainKeys("SMARTDOOR_BUS_ARN", "SMARTDOOR_IDENTIFICATION_RULEDEADLETTERQUEUE");
    assertThat(aws.asProperties())
        .containsAllEntriesOf(
            Map.of(
                "spring.cloud.aws.endpoint",
                aws.endpoint().toString(),
                "smartdoor.bus.name",
                "smartdoor",
                "smartdoor.identification.dead-letter-queue",
                "smartdoor-identification-dlq",
                "smartdoor.identification.state-machine-arn",
                aws.output("identification", "StateMachineArn")));
  }

  @Test
  void sharesOneAccountAmongTheTestsOfAJvm() {
    var first = LocalAws.withStacks("identification");
    var second = LocalAws.withStacks("identification");

    assertThat(second.account()).matches("[1-9][0-9]{11}").isEqualTo(first.account());
    assertThat(second.endpoint()).isEqualTo(first.endpoint());
  }

  @Test
  void deploysWithItsOwnParametersIntoAnAccountOfItsOwn() {
    var aws = LocalAws.inItsOwnAccount(Map.of("VisibilityTimeout", "2"), "notification");

    assertThat(aws.account()).isNotEqualTo(LocalAws.withStacks().account());
    try (var sqs =
        SqsClient.builder()
            .endpointOverride(aws.endpoint())
            .region(Region.of(aws.region()))
            .credentialsProvider(
                StaticCredentialsProvider.create(
                    AwsBasicCredentials.create(aws.accessKeyId(), aws.secretAccessKey())))
            .build()) {
      var queue = aws.output("notification", "Queue");
      var url = sqs.getQueueUrl(it -> it.queueName(queue)).queueUrl();
      var attributes =
          sqs.getQueueAttributes(
              it -> it.queueUrl(url).attributeNames(QueueAttributeName.VISIBILITY_TIMEOUT));
      assertThat(attributes.attributes()).containsEntry(QueueAttributeName.VISIBILITY_TIMEOUT, "2");
    }
  }

  @Test
  void saysWhichOutputsThereAreWhenAskedForAnother() {
    var aws = LocalAws.withStacks("identification");

    assertThatThrownBy(() -> aws.output("identification", "Topic"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Topic")
        .hasMessageContaining("StateMachineArn");
  }

  @Test
  void saysWhatItLookedForOutsideTheRepository(@TempDir Path elsewhere) {
    assertThatThrownBy(() -> Launcher.rootAbove(elsewhere))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining(elsewhere.toString());
  }
}
