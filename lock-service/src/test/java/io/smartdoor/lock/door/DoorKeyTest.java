package io.smartdoor.lock.door;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.smartdoor.events.DoorId;
import java.security.SecureRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DoorKeyTest {

  private static final DoorId DOOR = new DoorId("front-door");

  private final SecureRandom random = new SecureRandom();
  private final DoorKey key = DoorKey.generate(random);
  private final DoorKeyCipher cipher = cipher("a data key");

  @Test
  void isWrittenAsStandardWebhooksSayAndNeverLogged() {
    assertThat(key.asText()).matches("whsec_[A-Za-z0-9+/]{43}=");
    assertThat(DoorKey.of(key.asText()).bytes()).isEqualTo(key.bytes());
    assertThat(key.toString()).isEqualTo("DoorKey");
    assertThat(DoorKey.generate(random).asText()).isNotEqualTo(key.asText());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "whsec", "whsec_!!!", "whpk_AAAA"})
  void isNothingElse(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> DoorKey.of(text));
  }

  @Test
  void isDecryptedForItsDoorOnlyAndUnderItsDataKeyOnly() {
    var stored = cipher.encrypt(DOOR, key);

    assertThat(cipher.decrypt(DOOR, stored).bytes()).isEqualTo(key.bytes());
    assertThat(cipher("a data key").decrypt(DOOR, stored).bytes()).isEqualTo(key.bytes());
    assertThatIllegalStateException()
        .isThrownBy(() -> cipher.decrypt(new DoorId("back-door"), stored));
    assertThatIllegalStateException().isThrownBy(() -> cipher("another").decrypt(DOOR, stored));
  }

  @Test
  void isNotDecryptedWhereAnyByteChanged() {
    var stored = cipher.encrypt(DOOR, key);
    for (var i = 0; i < stored.length; i++) {
      var changed = stored.clone();
      changed[i] ^= 1;
      assertThatIllegalStateException().isThrownBy(() -> cipher.decrypt(DOOR, changed));
    }
    assertThatIllegalStateException().isThrownBy(() -> cipher.decrypt(DOOR, new byte[3]));
  }

  @Test
  void isEncryptedDifferentlyEachTime() {
    assertThat(cipher.encrypt(DOOR, key)).isNotEqualTo(cipher.encrypt(DOOR, key));
  }

  private DoorKeyCipher cipher(String dataKey) {
    var derived = DoorKeyCipher.derive(dataKey);
    return new DoorKeyCipher(() -> derived, random);
  }
}
