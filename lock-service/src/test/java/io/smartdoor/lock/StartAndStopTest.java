package io.smartdoor.lock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.smartdoor.http.UnusableSettingException;
import io.smartdoor.infra.testing.LocalAws;
import io.smartdoor.lock.door.Doors;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.AbstractApplicationContext;
import org.springframework.context.support.DefaultLifecycleProcessor;

@ExtendWith(OutputCaptureExtension.class)
class StartAndStopTest {

  private static final LocalAws AWS = LocalAws.withStacks("lock");

  @Test
  void saysInOneLineThatItsDataKeyIsMissing(CapturedOutput output) {
    var failure = catchThrowable(() -> start(Map.of("smartdoor.lock.data-key-secret", "nowhere")));

    assertThat(failure).isNotNull();
    assertThat(output.getAll().lines().filter(it -> it.contains("does not start")))
        .singleElement()
        .asString()
        .contains("expected a secret nowhere in Secrets Manager");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "smartdoor.lock.outbox.relays | 0 | : expected 1 or more, found 0",
        "smartdoor.lock.outbox.lease | soon | : expected a time with its unit (500ms, 20s, 5m, 1h)",
        "smartdoor.lock.webhooks.door-rate | ten | : expected a number, found",
        "smartdoor.lock.doors-table | '' | is not set: expected the name of a table",
        "smartdoor.lock.outbox-table | '' | is not set: expected the name of a table",
        "smartdoor.lock.data-key-secret | '' | is not set: expected the name of a secret",
        "smartdoor.lock.snapshots-bucket | '' | is not set: expected the name of a bucket",
        "smartdoor.messaging.lease | 5s | is no setting of this service: known are",
        "smartdoor.lock.webhooks.doorates | 5 | is no setting of this service: did you mean"
            + " smartdoor.lock.webhooks.door-rate?"
      })
  void saysInOneLineWhichSettingItCannotUse(
      String setting, String value, String problem, CapturedOutput output) {
    var failure = catchThrowable(() -> start(Map.of(setting, value)));

    assertThat(failure).isInstanceOf(UnusableSettingException.class);
    assertThat(output.getAll().lines().filter(it -> it.contains("does not start")))
        .singleElement()
        .asString()
        .containsPattern(Pattern.quote(setting) + " ?" + Pattern.quote(problem));
  }

  @Test
  void saysInOneLineThatNobodyAnswers(CapturedOutput output) {
    var nowhere = "http://127.0.0.1:1";

    assertThat(
            catchThrowable(() ->
                start(Map.of("aws.endpointUrl", nowhere, "spring.cloud.aws.endpoint", nowhere))))
        .isNotNull();
    assertThat(output.getAll().lines().filter(it -> it.contains("does not start")))
        .singleElement()
        .asString()
        .contains(
            "does not start: AWS_ENDPOINT_URL: expected an AWS at http://127.0.0.1:1,"
                + " found Connection refused");
    assertThat(output.getAll()).doesNotContain("at software.amazon");
  }

  /** What fills an AOT cache is such a start: it ends before anything is started. */
  @Test
  void isPutTogetherWithoutAnAws() {
    var nowhere = "http://127.0.0.1:1";
    var application = new SpringApplication(LockServiceApplication.class);
    application.addInitializers(StartAndStopTest::startNothing);

    try (var context =
        application.run(
            arguments(Map.of("aws.endpointUrl", nowhere, "spring.cloud.aws.endpoint", nowhere)))) {
      assertThat(context.getBean(Doors.class)).isNotNull();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"smartdoor.lock.doors-table", "smartdoor.lock.outbox-table"})
  void isNeitherStartedNorReadyWithoutATableThatWebhooksNeed(String setting) throws Exception {
    try (var context = start(Map.of(setting, "nowhere"))) {
      var api = new LockApi(portOf(context));

      assertThat(api.isReady()).isFalse();
      assertThat(api.isStarted()).isFalse();
    }
  }

  /** Accepted events wait for the bus; but with a name that is none they would be lost. */
  @Test
  void isReadyButNotStartedWithoutItsBus() throws Exception {
    try (var context = start(Map.of("smartdoor.bus.name", "nowhere"))) {
      var api = new LockApi(portOf(context));

      assertThat(api.isReady()).isTrue();
      assertThat(api.isStarted()).isFalse();
    }
  }

  @Test
  void isStartedAndReadyWithAllThatItNeeds() throws Exception {
    try (var context = start(Map.of())) {
      var api = new LockApi(portOf(context));

      assertThat(api.isReady()).isTrue();
      assertThat(api.isStarted()).isTrue();
    }
  }

  @Test
  void stopsWithinThreeSeconds() {
    var context = start(Map.of());
    var before = System.nanoTime();

    context.close();

    assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(3));
  }

  private static ConfigurableApplicationContext start(Map<String, String> more) {
    return SpringApplication.run(LockServiceApplication.class, arguments(more));
  }

  private static int portOf(ConfigurableApplicationContext context) {
    return context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
  }

  private static String[] arguments(Map<String, String> more) {
    var settings = new HashMap<>(AWS.asProperties());
    settings.put("smartdoor.admin.token", LockApi.TOKEN);
    settings.put("server.port", "0");
    settings.putAll(more);
    return settings.entrySet().stream()
        .map(it -> "--%s=%s".formatted(it.getKey(), it.getValue()))
        .toArray(String[]::new);
  }

  private static void startNothing(ConfigurableApplicationContext context) {
    var starter =
        new DefaultLifecycleProcessor() {
          @Override
          public void onRefresh() {}
        };
    starter.setBeanFactory(context.getBeanFactory());
    context
        .getBeanFactory()
        .registerSingleton(AbstractApplicationContext.LIFECYCLE_PROCESSOR_BEAN_NAME, starter);
  }
}
