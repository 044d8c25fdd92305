package io.smartdoor.lock.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.smartdoor.events.DoorId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WebhookIdTest {

  private static final DoorId FRONT = new DoorId("front-door");
  private static final DoorId BACK = new DoorId("back-door");

  @Test
  void aUuidStandsForItselfAtEveryDoorInLowerCase() {
    var id = new WebhookId("6A5C14D7-F1ED-4E5E-9C76-44A3F718ED96");

    assertThat(id.idempotencyKey(FRONT))
        .hasToString("6a5c14d7-f1ed-4e5e-9c76-44a3f718ed96")
        .isEqualTo(id.idempotencyKey(BACK));
  }

  /** Other values would make every repeated webhook a new one after an update. */
  @Test
  void anythingElseStandsForAUuidOfItsDoorThatNeverChanges() {
    var id = new WebhookId("msg_p5jXN8AQM9LWM0D4loKWxJek");

    assertThat(id.idempotencyKey(FRONT))
        .hasToString("2c42305f-aad5-5cac-ac88-21cf663b686c")
        .isNotEqualTo(id.idempotencyKey(BACK));
    assertThat(id.idempotencyKey(FRONT).value().version()).isEqualTo(5);
    assertThat(new WebhookId("1").idempotencyKey(FRONT))
        .isNotEqualTo(new WebhookId("2").idempotencyKey(FRONT));
  }

  /** A full stop could make one signature fit two webhooks. */
  @ParameterizedTest
  @ValueSource(strings = {"", "a.b", ".", "a b", "a\tb", "é", "\u0000"})
  void hasPrintableCharactersWithoutAFullStop(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> new WebhookId(text));
  }

  @Test
  void isAtMost256CharactersLong() {
    assertThat(new WebhookId("!-/~".repeat(64)).value()).hasSize(256);
    assertThatIllegalArgumentException().isThrownBy(() -> new WebhookId("a".repeat(257)));
  }
}
