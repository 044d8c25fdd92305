package io.smartdoor.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.smartdoor.events.IdempotencyKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The checker is told of each thing that can go wrong, on paper as after a real run. */
class SpoiltTest {

  private static final IdempotencyKey KEY =
      IdempotencyKey.of("6a5c14d7-f1ed-4e5e-9c76-44a3f718ed96");

  private final Story story = new Story().withResident(KEY);

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whateverIsSpoiltIsNoticed(boolean watched) {
    story.watched = watched;

    assertThat(story.violations()).isEmpty();
    assertThat(story.spoilt().tried()).isEqualTo(10);
    assertThat(story.spoilt().unnoticed()).isEmpty();
  }

  /** What is wrong anyway, nobody can tell from what was spoilt. */
  @Test
  void whatWasWrongBeforeIsNotTakenForNoticed() {
    story.waiting.put(Checker.NOTIFICATION, 1);

    assertThat(story.spoilt().unnoticed()).containsExactly("a message is left on a queue");
  }

  @Test
  void whereNothingWasAcceptedNothingCanBeSpoilt() {
    assertThatIllegalStateException().isThrownBy(() -> new Story().spoilt());
  }
}
