package io.smartdoor.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

class SettingsTest {

  static final List<String> SERVICES = Repository.SERVICES;

  private static final Path DOCUMENT = Repository.ROOT.resolve("docs/operations.md");

  private static final String BEGIN =
      "<!-- Written by SettingsTest, with SMARTDOOR_WRITE_SETTINGS=1, from the code's metadata. -->\n";

  private static final String END = "<!-- End of what SettingsTest writes. -->\n";

  private static final Pattern TABLE =
      Pattern.compile(Pattern.quote(BEGIN) + "(.*)" + Pattern.quote(END), Pattern.DOTALL);

  private final SettingsTable settings = new SettingsTable();

  @Test
  void theDocumentShowsEverySetting() throws IOException {
    var seen = settings.asMarkdown();
    if ("1".equals(System.getenv("SMARTDOOR_WRITE_SETTINGS"))) {
      var text = TABLE.matcher(Repository.text(DOCUMENT)).replaceFirst(_ -> BEGIN + seen + END);
      Files.writeString(DOCUMENT, text);
    }
    assertThat(TABLE.matcher(Repository.text(DOCUMENT)).results().map(it -> it.group(1)))
        .as(
            "the settings in docs/operations.md: to write them,"
                + " SMARTDOOR_WRITE_SETTINGS=1 ./smartdoor verify -pl system-tests -am -Dtest=SettingsTest"
                + " -Dsurefire.failIfNoSpecifiedTests=false")
        .containsExactly(seen);
  }

  /** Else its tasks would not start on AWS. */
  @ParameterizedTest
  @FieldSource("SERVICES")
  void aTaskIsToldSettingsThatItsServiceHas(String service) {
    var stack =
        Repository.text(Repository.ROOT.resolve("infra/stacks/%s-service.yaml".formatted(service)));

    assertThat(Pattern.compile("Name: (SMARTDOOR_\\w+)").matcher(stack).results())
        .extracting(it -> it.group(1))
        .hasSizeGreaterThan(3)
        .isSubsetOf(settings.variablesOf(service));
  }

  @ParameterizedTest
  @FieldSource("SERVICES")
  void aServiceEndsInOneLineWhereAVariableIsMisspelt(String service) throws Exception {
    var jar = Repository.ROOT.resolve("%1$s-service/target/%1$s-service.jar".formatted(service));
    var java = Path.of(System.getProperty("java.home"), "bin", "java");
    var builder =
        new ProcessBuilder(
                java.toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-jar",
                jar.toString())
            .redirectErrorStream(true);
    builder.environment().keySet().removeIf(it -> it.matches("(SPRING|SERVER|SMARTDOOR|AWS)_.*"));
    builder.environment().put("SMARTDOOR_ADMIN_TOKN", "a-secret-that-nobody-may-read");
    builder.environment().put("SMARTDOOR_LOG_FORMAT", "terminal");
    builder.environment().put("SMARTDOOR_HOME", "/nowhere"); // the launcher's, not a service's

    var process = builder.start();
    var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(process.waitFor()).isNotZero();
    assertThat(said.lines())
        .singleElement()
        .asString()
        .endsWith(
            "does not start: SMARTDOOR_ADMIN_TOKN is no setting of this service:"
                + " did you mean SMARTDOOR_ADMIN_TOKEN? known are SMARTDOOR_ADMIN_TOKEN");
  }
}
