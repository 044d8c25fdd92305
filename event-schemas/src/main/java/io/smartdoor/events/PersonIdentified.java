package io.smartdoor.events;

import java.util.Optional;

/** It is known who is at the door. Published by the identification workflow. */
public record PersonIdentified(
    EventMetadata metadata,
    Optional<DoorReference> door,
    Optional<UserReference> user,
    Optional<IdentificationMethod> method,
    Optional<Confidence> confidence)
    implements SmartDoorEvent {

  @Override
  public DetailType detailType() {
    return DetailType.PERSON_IDENTIFIED;
  }
}
