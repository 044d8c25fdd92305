package io.smartdoor.messaging.consuming;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smartdoor.messaging.consuming.HandlingOutcome.Rejected;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class HandlingOutcomeTest {

  @Test
  void rejectsWithACodeAndNotWithASentence() {
    assertThat(HandlingOutcome.rejected("too-old")).isEqualTo(new Rejected("too-old"));
    assertThatThrownBy(() -> HandlingOutcome.rejected("Anna is not at home"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void retriesInTheFuture() {
    assertThatThrownBy(() -> HandlingOutcome.retryLater(Duration.ofSeconds(-1)))
        .hasMessage("expected a delay of 0 or more, found PT-1S");
  }
}
