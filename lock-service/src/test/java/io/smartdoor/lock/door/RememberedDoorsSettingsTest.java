package io.smartdoor.lock.door;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smartdoor.http.UnusableSettingException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class RememberedDoorsSettingsTest {

  @Test
  void areUsableDownToRememberingNothing() {
    var settings = new DoorConfiguration.Settings(0, Duration.ZERO, Duration.ZERO);

    assertThat(settings.most()).isZero();
  }

  @Test
  void sayWhichOneIsUnusableAndWhatIsExpected() {
    var second = Duration.ofSeconds(1);

    assertThatThrownBy(() -> new DoorConfiguration.Settings(-1, second, second))
        .isInstanceOf(UnusableSettingException.class)
        .hasMessage("smartdoor.lock.remembered-doors.most: expected 0 or more, found -1");
    assertThatThrownBy(() -> new DoorConfiguration.Settings(1, second.negated(), second))
        .hasMessageContaining("removals-seen-after: expected 0s or more");
    assertThatThrownBy(() -> new DoorConfiguration.Settings(1, second, second.negated()))
        .hasMessageContaining("read-anew-after: expected 0s or more");
  }
}
