package io.smartdoor.lock.snapshot;

import io.smartdoor.events.SnapshotReference;

class InMemorySnapshotsTest extends SnapshotsContract {

  private final InMemorySnapshots snapshots = new InMemorySnapshots();

  @Override
  Snapshots snapshots() {
    return snapshots;
  }

  @Override
  byte[] stored(SnapshotReference place) {
    return snapshots.stored(place);
  }
}
