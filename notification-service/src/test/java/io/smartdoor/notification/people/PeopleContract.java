package io.smartdoor.notification.people;

import static org.assertj.core.api.Assertions.assertThat;

import io.smartdoor.events.UserReference;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What every directory of people does; several tests may share the store itself. */
abstract class PeopleContract {

  private final UserReference anna = somebody("residents");

  abstract People people();

  @Test
  void aPersonIsCalledWhatWasSaidLast() {
    assertThat(people().nameOf(anna)).isEmpty();

    assertThat(people().put(anna, new DisplayName("Anna"))).as("is new").isTrue();
    assertThat(people().put(anna, new DisplayName("Anna O’Hara 🚪"))).as("is new").isFalse();

    assertThat(people().nameOf(anna)).contains(new DisplayName("Anna O’Hara 🚪"));
  }

  @Test
  void theSameIdInAnotherStoreIsSomebodyElse() {
    people().put(anna, new DisplayName("Anna"));

    assertThat(people().nameOf(new UserReference(anna.id(), "keypad"))).isEmpty();
  }

  @Test
  void aNameIsForgottenHoweverOften() {
    people().put(anna, new DisplayName("Anna"));

    people().remove(anna);
    people().remove(anna);

    assertThat(people().nameOf(anna)).isEmpty();
  }

  private static UserReference somebody(String store) {
    return new UserReference("A.b_c:d@e-" + UUID.randomUUID(), store);
  }
}
