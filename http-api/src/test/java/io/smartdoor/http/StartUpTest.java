package io.smartdoor.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.logging.LoggingSystemProperty;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.json.JsonMapper;

@ExtendWith(OutputCaptureExtension.class)
class StartUpTest {

  /** Spring Boot leaves it behind for whatever starts next in the same process. */
  @BeforeEach
  void forgetTheLastFormat() {
    System.clearProperty(
        LoggingSystemProperty.CONSOLE_STRUCTURED_FORMAT.getEnvironmentVariableName());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "   ", "fifteen-letters"})
  void refusesToStartWithoutAnAdminTokenAndSaysSoInOneLine(String token, CapturedOutput output) {
    var failure =
        catchThrowable(
            () -> start("--smartdoor.admin.token=" + token, "--smartdoor.log.format=terminal"));

    assertThat(failure).isInstanceOf(UnusableSettingException.class);
    assertThat(output.getAll().lines().filter(it -> it.contains("does not start")))
        .singleElement()
        .asString()
        .contains("smartdoor.admin.token", "expected a secret of 16 characters or more");
    assertThat(output.getAll()).doesNotContain("fifteen-letters", "at io.smartdoor");
  }

  /** The variable is what an operator sets, and so what is named where nothing is. */
  @Test
  void namesTheVariableOfASettingThatNobodyGave(CapturedOutput output) {
    assertThat(catchThrowable(() -> start("--smartdoor.log.format=terminal"))).isNotNull();

    assertThat(output.getAll())
        .contains(
            "does not start: SMARTDOOR_ADMIN_TOKEN is not set: expected a secret of 16 characters");
  }

  @Test
  void refusesASettingThatItDoesNotHave(CapturedOutput output) {
    var failure =
        catchThrowable(() ->
            start(
                "--smartdoor.admin.token=0123456789abcdef",
                "--smartdoor.log.formt=terminal",
                "--smartdoor.log.format=terminal"));

    assertThat(failure).isInstanceOf(UnusableSettingException.class);
    assertThat(output.getAll().lines().filter(it -> it.contains("ERROR")))
        .singleElement()
        .asString()
        .contains(
            "does not start: smartdoor.log.formt is no setting of this service:"
                + " did you mean smartdoor.log.format? known are smartdoor.log.format");
  }

  /** In containers each setting is a file, by the name of its variable but with dots. */
  @ParameterizedTest
  @CsvSource({
    "smartdoor.http.maxbody, 'smartdoor.http.maxbody: expected 1B or more, found 0B'",
    "smartdoor.http.maxbdy, 'smartdoor.http.maxbdy is no setting of this service: did you mean'"
  })
  void readsSettingsFromFiles(
      String name, String problem, @TempDir Path folder, CapturedOutput output) throws IOException {
    Files.writeString(folder.resolve(name), "0B");

    var failure =
        catchThrowable(() ->
            start(
                "--smartdoor.admin.token=0123456789abcdef",
                "--spring.config.import=configtree:%s/".formatted(folder)));

    assertThat(failure).isInstanceOf(UnusableSettingException.class);
    assertThat(output.getAll()).contains("does not start: " + problem);
  }

  @Test
  void refusesAnUnknownLogFormat(CapturedOutput output) {
    var failure =
        catchThrowable(
            () -> start("--smartdoor.admin.token=0123456789abcdef", "--smartdoor.log.format=xml"));

    assertThat(failure).isInstanceOf(UnusableSettingException.class);
    assertThat(output.getAll()).contains("expected json or terminal, found");
  }

  @Test
  void logsJsonUnlessTold(CapturedOutput output) {
    start("--smartdoor.admin.token=0123456789abcdef").close();

    var line =
        output.getOut().lines().filter(it -> it.contains("Started ")).findFirst().orElseThrow();
    assertThat(new JsonMapper().readTree(line).at("/message").stringValue()).contains("Started ");
  }

  @Test
  void logsReadableLinesOnATerminal(CapturedOutput output) {
    start("--smartdoor.admin.token=0123456789abcdef", "--smartdoor.log.format=terminal").close();

    assertThat(output.getOut().lines().filter(it -> it.contains("Started ")))
        .singleElement()
        .asString()
        .matches("[0-9:.]{12} INFO .*: Started .*");
  }

  @Test
  void listensOnThisMachineAlone() {
    try (var context = start("--smartdoor.admin.token=0123456789abcdef")) {
      assertThat(context.getEnvironment().getProperty("server.address")).isEqualTo("127.0.0.1");
    }
  }

  private static ConfigurableApplicationContext start(String... arguments) {
    var all = Arrays.copyOf(arguments, arguments.length + 1);
    all[arguments.length] = "--server.port=0";
    return SpringApplication.run(ThingsApplication.class, all);
  }
}
