package io.smartdoor.lock.door;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DoorNameTest {

  @Test
  void hasAtMostSixtyFourCharactersHoweverLongTheyAreEncoded() {
    assertThat(new DoorName("\uD83D\uDEAA".repeat(64)).value()).hasSize(128);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new DoorName("\uD83D\uDEAA".repeat(65)))
        .withMessage("expected 1 to 64 characters, found 65");
    assertThatIllegalArgumentException().isThrownBy(() -> new DoorName(""));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\nb", "\u0000", "a\u007f", "\u0085", "half \uD83D", "\uDEAA half"})
  void hasNoControlCharactersAndNoHalves(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new DoorName(text))
        .withMessage("expected no control characters");
  }
}
