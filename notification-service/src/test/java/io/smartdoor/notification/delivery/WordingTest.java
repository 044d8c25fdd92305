package io.smartdoor.notification.delivery;

import static io.smartdoor.notification.Events.ANNA;
import static io.smartdoor.notification.Events.FRONT_DOOR;
import static io.smartdoor.notification.Events.doorIs;
import static io.smartdoor.notification.Events.failed;
import static io.smartdoor.notification.Events.frontDoorIs;
import static io.smartdoor.notification.Events.identified;
import static io.smartdoor.notification.Events.unrecognised;
import static io.smartdoor.notification.delivery.Level.ALERT;
import static io.smartdoor.notification.delivery.Level.NOTICE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.smartdoor.events.DoorId;
import io.smartdoor.events.DoorReference;
import io.smartdoor.events.DoorState;
import io.smartdoor.events.DoorStatus;
import io.smartdoor.events.IdentificationFailed;
import io.smartdoor.events.OperationSource;
import io.smartdoor.events.PersonIdentified;
import io.smartdoor.events.PersonUnrecognised;
import io.smartdoor.events.SmartDoorEvent;
import io.smartdoor.events.UserReference;
import io.smartdoor.notification.people.DisplayName;
import io.smartdoor.notification.people.InMemoryPeople;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.ResourceBundle;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class WordingTest {

  private static final Optional<DoorReference> UNKNOWN = Optional.empty();
  private static final Optional<DoorReference> NAMELESS =
      Optional.of(new DoorReference(Optional.of(new DoorId("front-door")), Optional.empty()));
  private static final DoorStatus OPENING = frontDoorIs(DoorState.OPEN);
  private static final DoorStatus OPENING_SOMEWHERE = doorIs(DoorState.OPEN, UNKNOWN);
  private static final UserReference BEN = new UserReference("ben", UserReference.RESIDENTS);

  private final InMemoryPeople people = new InMemoryPeople();
  private final Wording wording = new Wording(people);

  static Stream<Arguments> words() {
    return Stream.of(
        arguments(OPENING, NOTICE, "Front door opened", "The door is open."),
        arguments(OPENING_SOMEWHERE, NOTICE, "A door was opened", "The door is open."),
        arguments(
            doorIs(DoorState.OPEN, NAMELESS),
            NOTICE,
            "Door front-door opened",
            "The door is open."),
        arguments(
            operated(DoorState.OPEN, OperationSource.KEYPAD),
            NOTICE,
            "Front door opened",
            "With a code on the keypad."),
        arguments(
            operated(DoorState.OPEN, OperationSource.UNSPECIFIED),
            NOTICE,
            "Front door opened",
            "The door is open."),
        arguments(
            frontDoorIs(DoorState.CLOSED), NOTICE, "Front door closed", "The door is closed."),
        arguments(
            doorIs(DoorState.CLOSED, UNKNOWN), NOTICE, "A door was closed", "The door is closed."),
        arguments(
            frontDoorIs(DoorState.FORCED_OPEN),
            ALERT,
            "Front door was forced open",
            "The door was opened without being unlocked."),
        arguments(
            doorIs(DoorState.FORCED_OPEN, UNKNOWN),
            ALERT,
            "A door was forced open",
            "The door was opened without being unlocked."),
        arguments(
            operated(DoorState.FORCED_OPEN, OperationSource.MANUAL),
            ALERT,
            "Front door was forced open",
            "The door was opened without being unlocked."),
        arguments(
            frontDoorIs(DoorState.JAMMED),
            ALERT,
            "Front door is jammed",
            "The lock cannot move the bolt."),
        arguments(
            doorIs(DoorState.JAMMED, UNKNOWN),
            ALERT,
            "A door is jammed",
            "The lock cannot move the bolt."),
        arguments(
            frontDoorIs(DoorState.AJAR),
            ALERT,
            "Front door was left ajar",
            "The door is not quite closed."),
        arguments(
            doorIs(DoorState.AJAR, UNKNOWN),
            ALERT,
            "A door was left ajar",
            "The door is not quite closed."),
        arguments(
            frontDoorIs(DoorState.UNSPECIFIED_ERROR),
            ALERT,
            "Front door reports an error",
            "The door does not say what is wrong."),
        arguments(
            doorIs(DoorState.UNSPECIFIED_ERROR, UNKNOWN),
            ALERT,
            "A door reports an error",
            "The door does not say what is wrong."),
        arguments(identified(OPENING, ANNA), NOTICE, "Anna O'Hara came in", "Front door opened"),
        arguments(
            identified(OPENING_SOMEWHERE, ANNA),
            NOTICE,
            "Anna O'Hara came in",
            "A door was opened"),
        arguments(
            identified(OPENING, BEN), NOTICE, "Someone known as ben came in", "Front door opened"),
        arguments(
            identifiedAsNobody(), NOTICE, "Someone who is known came in", "Front door opened"),
        arguments(
            unrecognised(OPENING, "credential-unknown"),
            ALERT,
            "Someone unrecognised at Front door",
            "Front door opened. The credential that was used belongs to no resident."),
        arguments(
            unrecognised(OPENING_SOMEWHERE, "resident-unknown"),
            ALERT,
            "Someone unrecognised at a door",
            "A door was opened. The lock named a resident whom nobody has registered."),
        arguments(
            unrecognised(OPENING, "face-unknown"),
            ALERT,
            "Someone unrecognised at Front door",
            "Front door opened. Reason: face-unknown."),
        arguments(
            unrecognisedWithoutReason(),
            ALERT,
            "Someone unrecognised at Front door",
            "Front door opened. Nobody could say who it was."),
        arguments(
            failed(OPENING, "store-unknown"),
            ALERT,
            "Front door opened, but who it was could not be found out",
            "The lock named a person from a store of credentials in which nobody is registered."),
        arguments(
            failed(OPENING, "internal-error"),
            ALERT,
            "Front door opened, but who it was could not be found out",
            "Something went wrong while finding out."),
        arguments(
            failed(OPENING_SOMEWHERE, "timeout"),
            ALERT,
            "A door was opened, but who it was could not be found out",
            "Finding out took too long."),
        arguments(
            failed(OPENING, "workflow-failed"),
            ALERT,
            "Front door opened, but who it was could not be found out",
            "The identification broke off half-way."),
        arguments(
            failed(OPENING, "camera-asleep"),
            ALERT,
            "Front door opened, but who it was could not be found out",
            "Reason: camera-asleep."),
        arguments(
            failedWithoutReason(),
            ALERT,
            "Front door opened, but who it was could not be found out",
            "No reason is known."));
  }

  @ParameterizedTest
  @MethodSource("words")
  void putsAnEventIntoWords(SmartDoorEvent event, Level level, String title, String body) {
    people.put(ANNA, new DisplayName("Anna O'Hara"));

    assertThat(wording.of(event)).isEqualTo(new Notification(level, title, body));
  }

  @Test
  void whateverADoorOrAPersonIsCalledIsTextAndNeverAPattern() {
    people.put(ANNA, new DisplayName("'{0}'"));
    var opening = doorIs(DoorState.OPEN, named("{0} of O'Neil's {1}"));

    assertThat(wording.of(opening).title()).isEqualTo("{0} of O'Neil's {1} opened");
    assertThat(wording.of(identified(opening, ANNA)).title()).isEqualTo("'{0}' came in");
    assertThat(wording.of(unrecognised(opening, "timeout")).body())
        .isEqualTo("{0} of O'Neil's {1} opened. Reason: timeout.");
  }

  @Test
  void aDoorsNameIsShownAsOneShortLine() {
    assertThat(wording.of(doorIs(DoorState.OPEN, named(" Front\r\n\tdoor\u2028 "))).title())
        .isEqualTo("Front   door opened");
    assertThat(wording.of(doorIs(DoorState.OPEN, named("\n \u0007"))).title())
        .isEqualTo("A door was opened");
    assertThat(wording.of(doorIs(DoorState.OPEN, named("🚪".repeat(5000)))).title())
        .isEqualTo("🚪".repeat(99) + "… opened");
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "UNSPECIFIED")
  void everyWayOfOperatingALockHasWords(OperationSource source) {
    assertThat(wording.of(operated(DoorState.OPEN, source)).body())
        .isNotBlank()
        .isNotEqualTo("The door is open.");
  }

  @Test
  void noTextHasAnApostropheThatMessageFormatWouldSwallow() {
    var bundle =
        ResourceBundle.getBundle(Wording.class.getPackageName() + ".messages", Locale.ROOT);

    assertThat(bundle.keySet())
        .isNotEmpty()
        .allSatisfy(
            key -> assertThat(bundle.getString(key).replace("''", "")).as(key).doesNotContain("'"));
  }

  @Test
  void theTableAboveHasEveryStateTwice() {
    var states =
        words()
            .map(row -> row.get()[0])
            .filter(DoorStatus.class::isInstance)
            .map(event -> ((DoorStatus) event).state())
            .toList();

    assertThat(Arrays.asList(DoorState.values()))
        .allSatisfy(
            state -> assertThat(states.stream().filter(state::equals)).hasSizeGreaterThan(1));
  }

  private static Optional<DoorReference> named(String name) {
    return Optional.of(new DoorReference(Optional.empty(), Optional.of(name)));
  }

  private static DoorStatus operated(DoorState state, OperationSource source) {
    return new DoorStatus(
        OPENING.metadata(),
        state,
        Optional.of(FRONT_DOOR),
        Optional.empty(),
        Optional.of(source),
        List.of());
  }

  private static PersonIdentified identifiedAsNobody() {
    return new PersonIdentified(
        OPENING.metadata(), OPENING.door(), Optional.empty(), Optional.empty(), Optional.empty());
  }

  private static PersonUnrecognised unrecognisedWithoutReason() {
    return new PersonUnrecognised(
        OPENING.metadata(), OPENING.door(), List.of(), Optional.empty(), Optional.empty());
  }

  private static IdentificationFailed failedWithoutReason() {
    return new IdentificationFailed(OPENING.metadata(), OPENING.door(), Optional.empty());
  }
}
