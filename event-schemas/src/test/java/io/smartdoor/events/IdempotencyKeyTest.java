package io.smartdoor.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdempotencyKeyTest {

  /** Computed by Python's {@code uuid.uuid5}, an implementation of RFC 9562 that is not ours. */
  @Test
  void derivesAFollowUpsKeyFromItsCause() {
    var cause = IdempotencyKey.of("3f0c9d1e-5c1b-4a44-9a3b-0d4f6f2f7a10");

    assertThat(cause.followUp(DetailType.PERSON_IDENTIFIED))
        .hasToString("2ab98a1f-f248-52db-a535-4d9e7baa6799")
        .isNotEqualTo(cause.followUp(DetailType.IDENTIFICATION_FAILED));
  }

  @Test
  void isTheSameInEitherLetterCase() {
    assertThat(IdempotencyKey.of("3F0C9D1E-5C1B-4A44-9A3B-0D4F6F2F7A10"))
        .isEqualTo(IdempotencyKey.of("3f0c9d1e-5c1b-4a44-9a3b-0d4f6f2f7a10"))
        .hasToString("3f0c9d1e-5c1b-4a44-9a3b-0d4f6f2f7a10");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "1-1-1-1-1",
        "3f0c9d1e5c1b4a449a3b0d4f6f2f7a10",
        " 3f0c9d1e-5c1b-4a44-9a3b-0d4f6f2f7a10",
        "3f0c9d1e-5c1b-4a44-9a3b-0d4f6f2f7a1g"
      })
  void refusesWhatIsNoWholeUuid(String text) {
    assertThatThrownBy(() -> IdempotencyKey.of(text)).hasMessageContaining("expected a UUID");
  }
}
