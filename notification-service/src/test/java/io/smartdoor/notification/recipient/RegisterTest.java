package io.smartdoor.notification.recipient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RegisterTest {

  private static final RecipientId ME = new RecipientId("me");
  private static final Recipient RECIPIENT = new Recipient(ME, false);

  private final InMemoryRecipients recipients = new InMemoryRecipients();
  private final List<RecipientId> cleared = new ArrayList<>();
  private boolean crashes;

  private final RecipientData inbox =
      id -> {
        assertThat(recipients.isLeaving(id)).as("deliveries are stopped first").isTrue();
        if (crashes) {
          throw new IllegalStateException("crashed half-way");
        }
        cleared.add(id);
      };

  private final Register register = new Register(recipients, List.of(inbox));

  @Test
  void whatIsKeptForARecipientGoesWithThem() {
    register.put(RECIPIENT);

    register.remove(ME);

    assertThat(cleared).containsExactly(ME);
    assertThat(recipients.find(ME)).isEmpty();
    assertThat(register.put(RECIPIENT)).as("is new").isTrue();
  }

  @Test
  void removingNobodyDoesNothing() {
    register.remove(ME);
    register.put(RECIPIENT);
    register.remove(ME);
    register.remove(ME);

    assertThat(cleared).containsExactly(ME);
  }

  @Test
  void aRemovalThatCrashedHidesTheRecipientAndIsFinishedByTheNext() {
    crashWhileRemoving();
    assertThat(recipients.find(ME)).isEmpty();
    assertThat(recipients.page(Optional.empty(), 10).recipients()).isEmpty();

    register.remove(ME);

    assertThat(cleared).containsExactly(ME);
    assertThat(recipients.isLeaving(ME)).isFalse();
  }

  @Test
  void aRemovalThatCrashedIsFinishedBeforeSomebodyRegistersAnew() {
    crashWhileRemoving();

    assertThat(register.put(RECIPIENT)).as("is new").isTrue();

    assertThat(cleared).containsExactly(ME);
    assertThat(recipients.find(ME)).contains(RECIPIENT);
  }

  @Test
  void replacingAPreferenceClearsNothing() {
    assertThat(register.put(RECIPIENT)).isTrue();
    assertThat(register.put(new Recipient(ME, true))).isFalse();

    assertThat(cleared).isEmpty();
  }

  private void crashWhileRemoving() {
    register.put(RECIPIENT);
    crashes = true;
    assertThatIllegalStateException().isThrownBy(() -> register.remove(ME));
    crashes = false;
  }
}
