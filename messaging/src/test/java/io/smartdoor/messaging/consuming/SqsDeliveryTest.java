package io.smartdoor.messaging.consuming;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SqsDeliveryTest {

  @ParameterizedTest
  @CsvSource({
    "PT-1S, 0",
    "PT0S, 0",
    "PT0.001S, 1",
    "PT1S, 1",
    "PT1.5S, 2",
    "PT11H59M, 43140",
    "P30D, 43140"
  })
  void hidesForWholeSecondsWithinWhatSqsAllows(Duration duration, int seconds) {
    assertThat(SqsDelivery.seconds(duration)).isEqualTo(seconds);
  }

  @Test
  void explainsInOneLineThatSqsTakes() {
    assertThat(SqsDelivery.oneLine("a\n\tb\u0000c")).isEqualTo("a b c");
    assertThat(SqsDelivery.oneLine("\u0007")).isEqualTo("-");
    assertThat(SqsDelivery.oneLine("x".repeat(1000))).hasSize(256);
  }
}
