package io.smartdoor.lock.snapshot;

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

class SnapshotSettingsTest {

  private static final Map<String, String> USABLE =
      Map.of(
          "in-hand", "1",
          "max-pixels", "1",
          "upload-within", "1ms",
          "door-rate", "0.001",
          "door-burst", "1");

  @Test
  void areUsableDownToTheirLeast() {
    assertThat(bound(USABLE).inHand()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({
    "in-hand, 0, 1 or more",
    "max-pixels, 0, 1 or more",
    "upload-within, 0s, more than 0s",
    "door-rate, 0, more than 0",
    "door-rate, 1000001, more than 0 and at most 1000000 a second",
    "door-burst, 0, 1 or more"
  })
  void sayWhichOneIsUnusableAndWhatIsExpected(String property, String value, String expected) {
    var settings = new HashMap<>(USABLE);
    settings.put(property, value);

    assertThatThrownBy(() -> bound(settings))
        .rootCause()
        .isInstanceOf(UnusableSettingException.class)
        .hasMessageStartingWith(
            "smartdoor.lock.snapshots.%s: expected %s".formatted(property, expected));
  }

  private static SnapshotConfiguration.Settings bound(Map<String, String> settings) {
    return new Binder(new MapConfigurationPropertySource(settings))
        .bind("", SnapshotConfiguration.Settings.class)
        .get();
  }
}
