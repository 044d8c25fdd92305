package io.smartdoor.events;

import java.util.List;
import java.util.Optional;

/**
 * Somebody is at the door whom the residents' records do not explain. Published by the
 * identification workflow.
 */
public record PersonUnrecognised(
    EventMetadata metadata,
    Optional<DoorReference> door,
    List<SnapshotReference> snapshots,
    Optional<Confidence> confidence,
    Optional<ReasonCode> reason)
    implements SmartDoorEvent {

  public PersonUnrecognised {
    snapshots = List.copyOf(snapshots);
  }

  @Override
  public DetailType detailType() {
    return DetailType.PERSON_UNRECOGNISED;
  }
}
