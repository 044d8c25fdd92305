package io.smartdoor.identification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
class StartUpTest {

  @Test
  void failsInOneLineWithoutAStateMachine(CapturedOutput output) {
    assertThatThrownBy(() -> start("--server.port=0")).isNotNull();

    assertThat(errors(output))
        .singleElement()
        .asString()
        .endsWith(
            "does not start: SMARTDOOR_IDENTIFICATION_STATEMACHINEARN is not set:"
                + " expected the ARN of the identification workflow's state machine");
  }

  @Test
  void failsInOneLineWhereNobodyAnswers(CapturedOutput output) {
    assertThatThrownBy(() ->
            start(
                "--server.port=0",
                "--spring.cloud.aws.endpoint=http://127.0.0.1:1",
                "--spring.cloud.aws.region.static=eu-central-1",
                "--spring.cloud.aws.credentials.access-key=000000000000",
                "--spring.cloud.aws.credentials.secret-key=local",
                "--smartdoor.identification.state-machine-arn="
                    + "arn:aws:states:eu-central-1:000000000000:stateMachine:smartdoor"))
        .isNotNull();

    assertThat(errors(output))
        .singleElement()
        .asString()
        .endsWith(
            "does not start: AWS_ENDPOINT_URL: expected an AWS at http://127.0.0.1:1, found"
                + " Connection refused");
  }

  @ParameterizedTest
  @CsvSource({
    "AWS_REGION=, 'AWS_REGION: expected a region such as eu-central-1, found none'",
    "AWS_ENDPOINT_URL=banana, 'AWS_ENDPOINT_URL: expected an address such as"
        + " http://127.0.0.1:4566, found \"banana\"'"
  })
  void failsInOneLineWithAnAwsThatCanBeNone(String given, String line, CapturedOutput output) {
    assertThatThrownBy(() -> start("--" + given)).isNotNull();

    assertThat(errors(output)).singleElement().asString().endsWith("does not start: " + line);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "smartdoor-identify",
        "arn:aws:states:eu-central-1:000000000000:stateMachine:smartdoor-identify:PROD",
        "arn:aws:states:eu-central-1:000000000000:execution:smartdoor-identify:x"
      })
  void failsInOneLineWithAnythingElse(String arn, CapturedOutput output) {
    assertThatThrownBy(() -> start("--smartdoor.identification.state-machine-arn=" + arn))
        .isNotNull();

    assertThat(errors(output))
        .singleElement()
        .asString()
        .endsWith(
            "does not start: smartdoor.identification.state-machine-arn: expected the ARN of a"
                + " state machine, without version or alias, found \"%s\"".formatted(arn));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "smartdoor.lock.outbox.lease=9s | smartdoor.lock.outbox.lease is no setting of this"
            + " service: known are smartdoor.admin.…, smartdoor.bus.…, smartdoor.http.…,"
            + " smartdoor.identification.…, smartdoor.log.…, smartdoor.messaging.…,"
            + " smartdoor.tracing.…",
        "smartdoor.identification.queue= | smartdoor.identification.queue is not set: expected the"
            + " name of a queue",
        "smartdoor.identification.residents-table= | smartdoor.identification.residents-table is"
            + " not set: expected the name of a table",
        "smartdoor.identification.faces.detector-model=/nowhere/yunet.onnx |"
            + " smartdoor.identification.faces.detector-model: expected a file that can be read,"
            + " found \"/nowhere/yunet.onnx\"",
        "smartdoor.identification.faces.detector-model=pom.xml |"
            + " SMARTDOOR_IDENTIFICATION_FACES_RECOGNIZERMODEL is not set: expected a file, as the"
            + " other model is set",
        "smartdoor.identification.faces.collection=of faces |"
            + " smartdoor.identification.faces.collection: expected the id of a collection, 1 to 255"
            + " of a-z, A-Z, 0-9, _, . and -, found \"of faces\"",
        "smartdoor.identification.faces.match-threshold=101 |"
            + " smartdoor.identification.faces.match-threshold: expected a number from 0 to 100,"
            + " found 101.0",
        "smartdoor.identification.faces.unknown-threshold=41 |"
            + " smartdoor.identification.faces.unknown-threshold: expected the threshold of a"
            + " match, 40.0, or less, found 41.0",
        "smartdoor.messaging.lease=12 parsecs | smartdoor.messaging.lease: expected a time with its"
            + " unit (500ms, 20s, 5m, 1h), found \"12 parsecs\"",
        "smartdoor.messaging.drain-timeout=20 | smartdoor.messaging.drain-timeout: expected a time"
            + " with its unit (500ms, 20s, 5m, 1h), found \"20\"",
        "smartdoor.messaging.lease=10ms | smartdoor.messaging.lease: expected 1s or more, found"
            + " 10ms",
        "smartdoor.messaging.retry-delay=1h | SMARTDOOR_MESSAGING_LONGESTRETRYDELAY: expected as"
            + " long as smartdoor.messaging.retry-delay or longer, found 30m and 1h",
        "smartdoor.messaging.in-flight=many | smartdoor.messaging.in-flight: expected a whole"
            + " number, to 2147483647 at most, found \"many\""
      })
  void failsInOneLineWithASettingThatItCannotUse(
      String setting, String message, CapturedOutput output) {
    assertThatThrownBy(() ->
            start(
                "--smartdoor.identification.state-machine-arn="
                    + "arn:aws:states:eu-central-1:000000000000:stateMachine:smartdoor",
                "--" + setting))
        .isNotNull();

    assertThat(errors(output)).singleElement().asString().endsWith("does not start: " + message);
  }

  private static void start(String... arguments) {
    var application = new SpringApplication(IdentificationServiceApplication.class);
    application.setDefaultProperties(
        Map.of("smartdoor.admin.token", "0123456789abcdef", "smartdoor.log.format", "terminal"));
    application.run(arguments).close();
  }

  private static List<String> errors(CapturedOutput output) {
    return output.getAll().lines().filter(it -> it.contains("ERROR")).toList();
  }
}
