package io.smartdoor.lock.webhook;

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

class WebhookSettingsTest {

  private static final Map<String, String> USABLE =
      Map.of(
          "door-rate", "0.001",
          "door-burst", "1",
          "unproven-rate", "1000000",
          "unproven-burst", "1",
          "in-hand", "1",
          "patience", "1ms");

  @Test
  void areUsableDownToTheirLeast() {
    assertThat(bound(USABLE).inHand()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({
    "door-rate, 0, more than 0",
    "door-rate, NaN, more than 0",
    "door-burst, 0, 1 or more",
    "unproven-rate, 1000001, more than 0 and at most 1000000 a second",
    "unproven-burst, 0, 1 or more",
    "in-hand, 0, 1 or more",
    "patience, 0s, more than 0s"
  })
  void sayWhichOneIsUnusableAndWhatIsExpected(String property, String value, String expected) {
    var settings = new HashMap<>(USABLE);
    settings.put(property, value);

    assertThatThrownBy(() -> bound(settings))
        .rootCause()
        .isInstanceOf(UnusableSettingException.class)
        .hasMessageStartingWith(
            "smartdoor.lock.webhooks.%s: expected %s".formatted(property, expected));
  }

  private static WebhookConfiguration.Settings bound(Map<String, String> settings) {
    return new Binder(new MapConfigurationPropertySource(settings))
        .bind("", WebhookConfiguration.Settings.class)
        .get();
  }
}
