package io.smartdoor.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MessagingPropertiesTest {

  private static final Duration SECOND = Duration.ofSeconds(1);

  @Test
  void takeTheSmallestAndTheLargestThatTheyMay() {
    var smallest =
        new MessagingProperties(
            Optional.empty(), SECOND, SECOND, 1, SECOND, SECOND, 1, Duration.ZERO, Duration.ZERO);
    var largest =
        new MessagingProperties(
            Optional.of("handled"),
            SECOND,
            Duration.ofHours(11),
            1,
            SECOND,
            SECOND,
            1,
            Duration.ofSeconds(20),
            SECOND);

    assertThat(smallest.longestHandling()).isEqualTo(SECOND);
    assertThat(largest.pollTimeout()).isEqualTo(Duration.ofSeconds(20));
  }

  @Test
  void refuseWhatIsLargerThanTheyMayTake() {
    assertThatThrownBy(() -> with(Duration.ofHours(11).plusMillis(1), SECOND))
        .hasMessageContaining("longest-handling");
    assertThatThrownBy(() -> with(SECOND, Duration.ofSeconds(21)))
        .hasMessageContaining("poll-timeout");
  }

  /** Either of the two may be the one that somebody set. */
  @Test
  void nameBothDelaysWhereTheFirstIsLongerThanTheLongest() {
    assertThatThrownBy(() ->
            new MessagingProperties(
                Optional.empty(),
                SECOND,
                SECOND,
                1,
                Duration.ofHours(1),
                Duration.ofMinutes(30),
                1,
                SECOND,
                SECOND))
        .hasMessage(
            "smartdoor.messaging.longest-retry-delay: expected as long as"
                + " smartdoor.messaging.retry-delay or longer, found 30m and 1h");
  }

  private static MessagingProperties with(Duration longestHandling, Duration pollTimeout) {
    return new MessagingProperties(
        Optional.empty(), SECOND, longestHandling, 1, SECOND, SECOND, 1, pollTimeout, SECOND);
  }
}
