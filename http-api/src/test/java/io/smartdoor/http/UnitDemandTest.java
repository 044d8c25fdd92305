package io.smartdoor.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;

class UnitDemandTest {

  /** Settings as services have them. */
  record Waits(@DefaultValue("20s") Duration drainTimeout, @DefaultValue("4") int times) {}

  @ParameterizedTest
  @ValueSource(strings = {"20", "+20", "-20", "99999999999999999", "${a.wait}"})
  void aTimeWithoutAUnitIsRefused(String given) {
    var found = given.equals("${a.wait}") ? "7" : given;
    assertThatThrownBy(() -> bound(given))
        .rootCause()
        .isInstanceOf(UnusableSettingException.class)
        .hasMessage(
            "waits.drain-timeout: expected a time with its unit (500ms, 20s, 5m, 1h), found \"%s\""
                .formatted(found));
  }

  @ParameterizedTest
  @CsvSource({"20s, 20s", "0, 0s", "-0, 0s", "500ms, 500ms", "PT5M, 5m", "-1s, -1s"})
  void aTimeWithOneIsTaken(String given, String meant) {
    assertThat(bound(given))
        .isEqualTo(new Waits(Duration.parse("PT" + meant.replace("500ms", "0.5s")), 3));
  }

  private static Waits bound(String drainTimeout) {
    var environment = new StandardEnvironment();
    environment
        .getPropertySources()
        .addFirst(
            new MapPropertySource(
                "given",
                Map.of("waits.drain-timeout", drainTimeout, "waits.times", "3", "a.wait", "7")));
    return Binder.get(environment, new UnitDemand(environment)).bindOrCreate("waits", Waits.class);
  }
}
