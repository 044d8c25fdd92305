package io.smartdoor.proof;

import io.smartdoor.events.DetailType;
import io.smartdoor.events.DoorState;
import io.smartdoor.events.IdempotencyKey;
import io.smartdoor.proof.Findings.EventName;
import java.util.Optional;

/** What happened at a door. */
enum Opening {
  /** Nobody can tell who it was: the door's own event is the last of its chain. */
  BY_HAND(DoorState.OPEN, Optional.empty(), DetailType.DOOR_STATUS),
  /** With a credential that is registered for a resident. */
  BY_A_RESIDENT(DoorState.OPEN, Optional.of(Household.CREDENTIAL), DetailType.PERSON_IDENTIFIED),
  /** With a credential that nobody has, of a store that is known. */
  BY_A_STRANGER(
      DoorState.OPEN, Optional.of(Household.UNKNOWN_CREDENTIAL), DetailType.PERSON_UNRECOGNISED),
  /** It is shut again: nobody is to be identified, and few want to hear of it. */
  CLOSING(DoorState.CLOSED, Optional.empty(), DetailType.DOOR_STATUS);

  private final DoorState state;
  private final Optional<String> credential;
  private final DetailType last;

  Opening(DoorState state, Optional<String> credential, DetailType last) {
    this.state = state;
    this.credential = credential;
    this.last = last;
  }

  DoorState state() {
    return state;
  }

  /** Its id in {@link Household#STORE}. */
  Optional<String> credential() {
    return credential;
  }

  /** Whether somebody is to be identified. */
  boolean opens() {
    return state == DoorState.OPEN;
  }

  /** The event that the inbox tells in the end. */
  EventName last(IdempotencyKey key) {
    return EventName.of(last, last == DetailType.DOOR_STATUS ? key : key.followUp(last));
  }
}
