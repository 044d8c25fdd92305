package io.smartdoor.notification.delivery;

import io.smartdoor.events.DoorId;
import io.smartdoor.events.DoorState;
import io.smartdoor.events.DoorStatus;
import io.smartdoor.events.IdentificationFailed;
import io.smartdoor.events.OperationSource;
import io.smartdoor.events.PersonIdentified;
import io.smartdoor.events.PersonUnrecognised;
import io.smartdoor.events.ReasonCode;
import io.smartdoor.events.SmartDoorEvent;
import io.smartdoor.events.UserReference;
import io.smartdoor.notification.people.DisplayName;
import io.smartdoor.notification.people.People;
import java.text.MessageFormat;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.ResourceBundle;

/**
 * Puts an event into words: the same event and the same directory of people, the same words. The
 * texts stand in {@code messages.properties} beside this class.
 */
final class Wording {

  private final ResourceBundle messages =
      ResourceBundle.getBundle(Wording.class.getPackageName() + ".messages", Locale.ROOT);

  private final People people;

  Wording(People people) {
    this.people = people;
  }

  Notification of(SmartDoorEvent event) {
    return switch (event) {
      case DoorStatus status ->
          new Notification(
              levelOf(status.state()),
              atDoor("state." + status.state().text(), event),
              how(status));
      case PersonIdentified identified ->
          new Notification(
              Level.NOTICE, text("identified", who(identified)), atDoor("state.open", event));
      case PersonUnrecognised unrecognised ->
          new Notification(
              Level.ALERT,
              atDoor("unrecognised", event),
              openedAnd(event, because("unrecognised", unrecognised.reason())));
      case IdentificationFailed failed ->
          new Notification(
              Level.ALERT, atDoor("failed", event), because("failed", failed.reason()));
    };
  }

  private static Level levelOf(DoorState state) {
    return switch (state) {
      case OPEN, CLOSED -> Level.NOTICE;
      case FORCED_OPEN, JAMMED, AJAR, UNSPECIFIED_ERROR -> Level.ALERT;
    };
  }

  /** How the lock was operated says more of an opened or closed door than that it is so. */
  private String how(DoorStatus status) {
    var told = "state." + status.state().text() + ".body";
    return switch (status.state()) {
      case OPEN, CLOSED ->
          status
              .operationSource()
              .filter(source -> source != OperationSource.UNSPECIFIED)
              .map(source -> text("operated." + source.text()))
              .orElseGet(() -> text(told));
      case FORCED_OPEN, JAMMED, AJAR, UNSPECIFIED_ERROR -> text(told);
    };
  }

  private String who(PersonIdentified event) {
    return event
        .user()
        .map(user ->
            nameOf(user, event.metadata().acceptedAt())
                .map(DisplayName::value)
                .orElseGet(() -> text("person.by-id", user.id())))
        .orElseGet(() -> text("person.unknown"));
  }

  private Optional<DisplayName> nameOf(UserReference user, Optional<Instant> acceptedAt) {
    return acceptedAt.map(it -> people.nameAsOf(it, user)).orElseGet(() -> people.nameOf(user));
  }

  private String openedAnd(SmartDoorEvent event, String more) {
    return text("sentences", atDoor("state.open", event), more);
  }

  /** In plain words where the code is known here; a code that is not is shown as it is. */
  private String because(String what, Optional<ReasonCode> reason) {
    return reason
        .map(code -> {
          var key = what + ".reason." + code;
          return messages.containsKey(key) ? text(key) : text("reason.other", code.value());
        })
        .orElseGet(() -> text(what + ".reason"));
  }

  private String atDoor(String key, SmartDoorEvent event) {
    var door = event.door().map(DoorLabel::shown);
    return door.flatMap(it -> it.name().or(() -> it.id().map(this::byId)))
        .map(name -> text(key, name))
        .orElseGet(() -> text(key + ".some-door"));
  }

  private String byId(DoorId id) {
    return text("door.by-id", id.value());
  }

  private String text(String key, Object... arguments) {
    return new MessageFormat(messages.getString(key), Locale.ROOT).format(arguments);
  }
}
