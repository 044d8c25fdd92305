package io.smartdoor.notification.people;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DisplayNameTest {

  @ParameterizedTest
  @ValueSource(
      strings = {"A", "Anna", "Anna O'Hara", "{0}", "李", "👩‍👩‍👧", "Großmutter (mit Hund)"})
  void aNameIsWhateverFitsOnOneLine(String name) {
    assertThat(new DisplayName(name).value()).isEqualTo(name);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        " Anna",
        "Anna ",
        "\u00a0Anna",
        "An\nna",
        "An\u0000na",
        "An\u0085na",
        "An\u2028na",
        "An\ud800na",
        "\ud83d"
      })
  void whatDoesNotIsRefusedWithoutBeingRepeated(String name) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new DisplayName(name))
        .withMessageContaining("1 to 64 characters")
        .withMessageNotContaining("na,");
  }

  @Test
  void aCharacterIsACodePoint() {
    assertThat(new DisplayName("🚪".repeat(64)).value()).hasSize(128);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new DisplayName("🚪".repeat(65)))
        .withMessageContaining("found 65");
  }
}
