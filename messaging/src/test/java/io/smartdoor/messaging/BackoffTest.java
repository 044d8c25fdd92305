package io.smartdoor.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BackoffTest {

  private static final Duration FIRST = Duration.ofSeconds(2);
  private static final Duration LONGEST = Duration.ofMinutes(15);

  @ParameterizedTest
  @CsvSource({
    "1, 1000, 2000",
    "2, 2000, 4000",
    "5, 16000, 32000",
    "10, 450000, 900000",
    "1000000, 450000, 900000"
  })
  void waitsTwiceAsLongEachTimeUpToALimitHalfOfItAtRandom(int number, long least, long most) {
    assertThat(new Backoff(FIRST, LONGEST, () -> 0).delay(number)).hasMillis(least);
    assertThat(new Backoff(FIRST, LONGEST, () -> 1).delay(number)).hasMillis(most);
  }

  @Test
  void refusesWhatIsNoWaitingTime() {
    assertThatThrownBy(() -> new Backoff(Duration.ZERO, LONGEST, () -> 0))
        .hasMessage("expected 0 < first <= longest, found PT0S and PT15M");
    assertThatThrownBy(() -> new Backoff(LONGEST, FIRST, () -> 0))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Backoff(FIRST, LONGEST, () -> 0).delay(0))
        .hasMessage("expected a repetition of 1 or more, found 0");
  }
}
