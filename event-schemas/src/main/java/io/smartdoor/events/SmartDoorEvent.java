package io.smartdoor.events;

import java.util.Optional;

/**
 * A fact about a door, as published to the event bus with {@link #SOURCE} as its source.
 *
 * <p>Every field but the idempotency key and a door's state may be missing on an event that was
 * read. A {@code switch} over events has no {@code default}: a new kind makes the compiler list the
 * places that have to decide about it.
 */
public sealed interface SmartDoorEvent
    permits DoorStatus, PersonIdentified, PersonUnrecognised, IdentificationFailed {

  /** EventBridge's {@code source} of every event of this system. */
  String SOURCE = "SmartDoor";

  /** Which event this is, why it was published, and when it happened. */
  EventMetadata metadata();

  /** The door that it happened at, where the publisher knew. */
  Optional<DoorReference> door();

  /** EventBridge's {@code detail-type} of this event. */
  DetailType detailType();
}
