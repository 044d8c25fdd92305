package io.smartdoor.identification.resident;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResidentTest {

  private static final ResidentId ANNA = new ResidentId("anna");

  @Test
  void isTheSameInWhicheverOrderTheCredentialsAreGiven() {
    var first = new Credential("keypad", "1");
    var second = new Credential("fob", "1");

    assertThat(Resident.of(ANNA, List.of(first, second)))
        .isEqualTo(Resident.of(ANNA, List.of(second, first)));
  }

  @Test
  void hasNoMoreCredentialsThanOneTransactionCanChange() {
    var tooMany =
        IntStream.rangeClosed(0, Resident.MAX_CREDENTIALS)
            .mapToObj(i -> new Credential("keypad", "" + i))
            .toList();

    assertThatThrownBy(() -> Resident.of(ANNA, tooMany))
        .hasMessage("expected at most 24 credentials, found 25");
    assertThat(Resident.of(ANNA, tooMany.subList(1, tooMany.size())).credentials()).hasSize(24);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Anna", "-anna", "a#b", "a b", "ä"})
  void isNotCalledAnything(String id) {
    assertThatThrownBy(() -> new ResidentId(id)).hasMessageContaining("[a-z0-9][a-z0-9-]{0,63}");
  }

  /** A # would let one credential's key pass for another's. */
  @ParameterizedTest
  @ValueSource(strings = {"", "residents", "Keypad", "key#pad", "-keypad"})
  void hasNoCredentialsInStoresThatCannotBe(String store) {
    assertThatThrownBy(() -> new Credential(store, "1")).hasMessageContaining("not residents");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a#b", "a b", "a/b", "ä"})
  void hasNoCredentialsThatCannotBe(String id) {
    assertThatThrownBy(() -> new Credential("keypad", id))
        .hasMessageContaining("[A-Za-z0-9._:@-]{1,128}");
  }
}
