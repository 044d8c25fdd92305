package io.smartdoor.events;

import java.util.Optional;

/**
 * It could not be found out who is at the door. Published by the identification workflow, or for it
 * when it died.
 */
public record IdentificationFailed(
    EventMetadata metadata, Optional<DoorReference> door, Optional<ReasonCode> reason)
    implements SmartDoorEvent {

  @Override
  public DetailType detailType() {
    return DetailType.IDENTIFICATION_FAILED;
  }
}
