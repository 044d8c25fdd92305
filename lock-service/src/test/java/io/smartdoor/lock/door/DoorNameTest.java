package io.smartdoor.lock.door;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.regex.Pattern;
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
  @ValueSource(
      strings = {
        "a\nb",
        "a\tb",
        "\u0000",
        "a\u007f",
        "\u0085",
        "\u009f",
        "half \uD83D",
        "\uDEAA half",
        "\uDEAA\uD83D",
        "\uFFFE",
        "a\uFFFF"
      })
  void hasNothingThatAQueueRefuses(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new DoorName(text))
        .withMessageStartingWith("expected no control characters");
  }

  @ParameterizedTest
  @ValueSource(strings = {"\u00A0", "\uD7FF", "\uE000", "\uFFFD", "\uD83F\uDFFE", "\uDBFF\uDFFF"})
  void hasWhateverAQueueCarries(String text) {
    assertThat(new DoorName(text).value()).isEqualTo(text);
  }

  /**
   * The pattern is for clients; what it lets through may be refused all the same, never reverse.
   */
  @Test
  void isDescribedByItsPattern() {
    var pattern = Pattern.compile(DoorName.PATTERN).asMatchPredicate();

    assertThat(List.of("a\nb", "\u0085", "\uFFFE", "\uFFFF")).noneMatch(pattern);
    assertThat(List.of("Haustür", "\uFFFD", "\uD83F\uDFFE")).allMatch(pattern);
  }
}
