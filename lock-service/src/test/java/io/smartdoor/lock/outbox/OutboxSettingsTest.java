package io.smartdoor.lock.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smartdoor.http.UnusableSettingException;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class OutboxSettingsTest {

  private static final Map<String, String> USABLE =
      Map.of(
          "lease", "1s",
          "sweep-period", "1ms",
          "survey-period", "1ms",
          "first-retry-delay", "1ms",
          "longest-retry-delay", "1ms",
          "queue-capacity", "1",
          "relays", "1",
          "sweep-calls", "1",
          "sweep-rate", "1");

  @Test
  void areUsableDownToTheirLeast() {
    assertThat(bound(USABLE).relays()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({
    "lease, 999ms, 1s or more",
    "sweep-period, 0s, 1ms or more",
    "survey-period, 0s, 1ms or more",
    "first-retry-delay, 0s, 1ms or more",
    "queue-capacity, 0, 1 or more",
    "relays, 0, 1 or more",
    "sweep-calls, 0, 1 or more",
    "sweep-rate, 0, 1 or more"
  })
  void sayWhichOneIsUnusableAndWhatIsExpected(String property, String value, String expected) {
    var settings = new HashMap<>(USABLE);
    settings.put(property, value);

    assertThatThrownBy(() -> bound(settings))
        .rootCause()
        .isInstanceOf(UnusableSettingException.class)
        .hasMessageStartingWith(
            "smartdoor.lock.outbox.%s: expected %s, found ".formatted(property, expected));
  }

  /** Either of the two may be the one that somebody set. */
  @Test
  void nameBothDelaysWhereTheFirstIsLongerThanTheLongest() {
    var settings = new HashMap<>(USABLE);
    settings.put("first-retry-delay", "5m");
    settings.put("longest-retry-delay", "30s");

    assertThatThrownBy(() -> bound(settings))
        .rootCause()
        .isInstanceOf(UnusableSettingException.class)
        .hasMessage(
            "smartdoor.lock.outbox.longest-retry-delay: expected as long as"
                + " smartdoor.lock.outbox.first-retry-delay or longer, found 30s and 5m");
  }

  private static OutboxConfiguration.Settings bound(Map<String, String> settings) {
    return new Binder(new MapConfigurationPropertySource(settings))
        .bind("", OutboxConfiguration.Settings.class)
        .get();
  }
}
