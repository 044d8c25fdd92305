package io.smartdoor.events;

import java.util.List;
import java.util.Optional;

/** A door is in a new state. Published by the lock service, once per accepted webhook. */
public record DoorStatus(
    EventMetadata metadata,
    DoorState state,
    Optional<DoorReference> door,
    Optional<UserReference> user,
    Optional<OperationSource> operationSource,
    List<SnapshotReference> snapshots)
    implements SmartDoorEvent {

  public DoorStatus {
    snapshots = List.copyOf(snapshots);
  }

  @Override
  public DetailType detailType() {
    return DetailType.DOOR_STATUS;
  }
}
