package io.smartdoor.notification.recipient;

import io.smartdoor.events.DoorState;
import io.smartdoor.events.DoorStatus;
import io.smartdoor.events.IdentificationFailed;
import io.smartdoor.events.PersonIdentified;
import io.smartdoor.events.PersonUnrecognised;
import io.smartdoor.events.SmartDoorEvent;

/**
 * Somebody who hears of all doors.
 *
 * @param includeClosed whether they also want to hear that a door closed, which is most of what
 *     happens at doors and least of what matters
 */
public record Recipient(RecipientId id, boolean includeClosed) {

  /** Whether this recipient is told of {@code event}. */
  public boolean hearsOf(SmartDoorEvent event) {
    return switch (event) {
      case DoorStatus status -> includeClosed || status.state() != DoorState.CLOSED;
      case PersonIdentified _, PersonUnrecognised _, IdentificationFailed _ -> true;
    };
  }
}
