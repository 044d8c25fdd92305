package io.smartdoor.identification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
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
            "does not start: SMARTDOOR_IDENTIFICATION_STATEMACHINEARN: expected the ARN of a state"
                + " machine, without version or alias, found \"%s\"".formatted(arn));
  }

  private static void start(String... arguments) {
    var application = new SpringApplication(IdentificationServiceApplication.class);
    application.setDefaultProperties(
        Map.of("smartdoor.admin-token", "0123456789abcdef", "SMARTDOOR_LOG_FORMAT", "terminal"));
    application.run(arguments).close();
  }

  private static List<String> errors(CapturedOutput output) {
    return output.getAll().lines().filter(it -> it.contains("ERROR")).toList();
  }
}
