package io.smartdoor.notification;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smartdoor.http.UnusableSettingException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.SpringApplication;

class SettingsTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "memory.kept=-1ms | memory.kept: expected 0s to 1m, found -1ms",
        "memory.kept=61s | memory.kept: expected 0s to 1m, found 1m1s",
        "memory.clock-difference=-1ms | memory.clock-difference: expected 0s or more, found -1ms",
        "queue= | queue is not set: expected the name of a queue",
        "dead-letter-queue= | dead-letter-queue is not set: expected the name of a queue",
        "handled-table= | handled-table is not set: expected the name of a table",
        "recipients-table= | recipients-table is not set: expected the name of a table",
        "people-table= | people-table is not set: expected the name of a table",
        "inbox-table= | inbox-table is not set: expected the name of a table",
      })
  void stopsAStartWithWhatCannotBeUsed(String setting, String message) {
    assertThatThrownBy(() ->
            SpringApplication.run(
                NotificationServiceApplication.class,
                "--smartdoor.admin.token=" + Api.ADMIN_TOKEN,
                "--smartdoor.notification." + setting))
        .isInstanceOf(UnusableSettingException.class)
        .hasMessage("smartdoor.notification." + message);
  }
}
