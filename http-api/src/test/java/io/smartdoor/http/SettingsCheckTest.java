package io.smartdoor.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;

class SettingsCheckTest {

  private static final KnownSettings KNOWN =
      new KnownSettings(
          names(
              "smartdoor.admin.token",
              "smartdoor.lock.doors-table",
              "smartdoor.lock.webhooks.door-burst",
              "smartdoor.lock.webhooks.door-rate",
              "smartdoor.lock.outbox.lease"),
          List.of());

  @Test
  void takesTheSettingsOfTheModulesOnTheClassPath() {
    assertThat(KnownSettings.of(SettingsCheckTest.class.getClassLoader()).names())
        .isEqualTo(
            names("smartdoor.admin.token", "smartdoor.http.max-body", "smartdoor.log.format"));
    assertThatCode(() -> check(Map.of("smartdoor.http.maxBody", "1KB"))).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // one slip; the others of its group
        "smartdoor.lock.webhooks.dor-rate | did you mean smartdoor.lock.webhooks.door-rate?"
            + " known are smartdoor.lock.webhooks.door-burst, smartdoor.lock.webhooks.door-rate",
        // another separator, another group
        "smartdoor.lock-webhooks.door-rate | did you mean smartdoor.lock.webhooks.door-rate?"
            + " known are smartdoor.admin.…, smartdoor.lock.…",
        // nothing like it
        "smartdoor.lock.inbox.size | known are smartdoor.lock.doors-table,"
            + " smartdoor.lock.outbox.…, smartdoor.lock.webhooks.…",
        // a variable's name where none belongs
        "SMARTDOOR_ADMIN_TOKEN | did you mean smartdoor.admin.token?"
            + " known are smartdoor.admin.…, smartdoor.lock.…",
      })
  void saysWhatMayHaveBeenMeant(String given, String message) {
    assertThat(KNOWN.insteadOf(new GivenSetting(given, false))).isEqualTo(message);
  }

  @Test
  void answersInTheNamesOfEnvironmentVariables() {
    assertThat(KNOWN.insteadOf(new GivenSetting("SMARTDOOR_LOCK_DOORTABLE", true)))
        .isEqualTo(
            "did you mean SMARTDOOR_LOCK_DOORSTABLE? known are SMARTDOOR_LOCK_DOORSTABLE,"
                + " SMARTDOOR_LOCK_OUTBOX_…, SMARTDOOR_LOCK_WEBHOOKS_…");
  }

  @Test
  void refusesWhatNoModuleKnows() {
    assertThatThrownBy(() -> check(Map.of("smartdoor.http.max-bodies", "1KB")))
        .isInstanceOf(UnusableSettingException.class)
        .hasMessage(
            "smartdoor.http.max-bodies is no setting of this service: did you mean"
                + " smartdoor.http.max-body? known are smartdoor.http.max-body");
  }

  @Test
  void refusesWhatAServiceHasNoUseFor() {
    assertThatThrownBy(() ->
            check(Map.of("settings-of-others", "smartdoor.http", "smartdoor.http.max-body", "1KB")))
        .isInstanceOf(UnusableSettingException.class)
        .hasMessage(
            "smartdoor.http.max-body is no setting of this service: known are"
                + " smartdoor.admin.…, smartdoor.log.…");
    assertThatCode(() -> check(Map.of("settings-of-others", "smartdoor.http")))
        .doesNotThrowAnyException();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "smartdoor.http.max-body | 12 parsecs | smartdoor.http.max-body: expected a size with its"
            + " unit (512B, 64KB, 1MB), found \"12 parsecs\"",
        "smartdoor.http.max-body | 0B | smartdoor.http.max-body: expected 1B or more, found 0B",
        "smartdoor.log.format | xml | smartdoor.log.format: expected json or terminal, found"
            + " \"xml\"",
        "smartdoor.admin.token | fifteen-letters | smartdoor.admin.token: expected a secret of 16"
            + " characters or more, found 15",
        "smartdoor.admin.token | ' ' | smartdoor.admin.token is not set: expected a secret of 16"
            + " characters or more",
        "smartdoor.http.max-body | ${A_LIMIT} | smartdoor.http.max-body: expected a size with its"
            + " unit (512B, 64KB, 1MB), found \"${A_LIMIT}\"",
      })
  void saysWhatIsUnusableAndWhatWouldBeUsable(String setting, String value, String message) {
    assertThatThrownBy(() -> check(Map.of(setting, value)))
        .isInstanceOf(UnusableSettingException.class)
        .hasMessage(message);
  }

  private static List<ConfigurationPropertyName> names(String... names) {
    return Arrays.stream(names).map(ConfigurationPropertyName::of).sorted().toList();
  }

  private static void check(Map<String, String> settings) {
    var all = new HashMap<String, Object>(Map.of("smartdoor.admin.token", "0123456789abcdef"));
    all.putAll(settings);
    var environment = new StandardEnvironment();
    environment.getPropertySources().addFirst(new MapPropertySource("given", all));
    SettingsCheck.check(environment, SettingsCheckTest.class.getClassLoader());
  }
}
