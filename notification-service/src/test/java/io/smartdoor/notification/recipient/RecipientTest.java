package io.smartdoor.notification.recipient;

import static io.smartdoor.notification.Events.ANNA;
import static io.smartdoor.notification.Events.failed;
import static io.smartdoor.notification.Events.frontDoorIs;
import static io.smartdoor.notification.Events.identified;
import static io.smartdoor.notification.Events.unrecognised;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.smartdoor.events.DoorState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class RecipientTest {

  private static final RecipientId ME = new RecipientId("me");
  private static final Recipient USUAL = new Recipient(ME, false);
  private static final Recipient CURIOUS = new Recipient(ME, true);

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "CLOSED")
  void everybodyHearsOfWhateverADoorDoesButClose(DoorState state) {
    assertThat(USUAL.hearsOf(frontDoorIs(state))).isTrue();
    assertThat(CURIOUS.hearsOf(frontDoorIs(state))).isTrue();
  }

  @Test
  void ofAClosedDoorOnlyThoseWhoAskedForIt() {
    assertThat(USUAL.hearsOf(frontDoorIs(DoorState.CLOSED))).isFalse();
    assertThat(CURIOUS.hearsOf(frontDoorIs(DoorState.CLOSED))).isTrue();
  }

  @Test
  void everybodyHearsOfWhatWasFoundOut() {
    var opening = frontDoorIs(DoorState.OPEN);

    assertThat(USUAL.hearsOf(identified(opening, ANNA))).isTrue();
    assertThat(USUAL.hearsOf(unrecognised(opening, "credential-unknown"))).isTrue();
    assertThat(USUAL.hearsOf(failed(opening, "timeout"))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-me", "Me", "me/you", "me ", "müller", "..", "m\u0000"})
  void anIdOfAnotherFormIsRefused(String id) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new RecipientId(id))
        .withMessageContaining(RecipientId.FORM);
  }

  @Test
  void anIdHasAtMost64Characters() {
    assertThat(new RecipientId("a".repeat(64)).value()).hasSize(64);
    assertThatIllegalArgumentException().isThrownBy(() -> new RecipientId("a".repeat(65)));
  }
}
