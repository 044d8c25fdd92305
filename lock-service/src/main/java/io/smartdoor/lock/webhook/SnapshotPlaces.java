package io.smartdoor.lock.webhook;

import io.smartdoor.events.DoorId;
import io.smartdoor.events.SnapshotReference;

/** Where a door's pictures lie, or will: the same door and picture have the same place, always. */
@FunctionalInterface
public interface SnapshotPlaces {

  /** The place of one picture. Nothing is looked up: it may come later than the event, or never. */
  SnapshotReference placeOf(DoorId door, SnapshotId snapshot);
}
