package io.smartdoor.lock.snapshot;

import io.smartdoor.events.DoorId;
import io.smartdoor.events.SnapshotReference;
import io.smartdoor.lock.webhook.SnapshotId;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Pictures for tests of what uses them. */
final class InMemorySnapshots implements Snapshots {

  private final Map<SnapshotReference, Snapshot> stored = new ConcurrentHashMap<>();

  @Override
  public SnapshotReference placeOf(DoorId door, SnapshotId snapshot) {
    return new SnapshotReference("memory", door.value() + "/" + snapshot);
  }

  @Override
  public Storing store(Snapshot snapshot) {
    var before = stored.putIfAbsent(placeOf(snapshot.door(), snapshot.id()), snapshot);
    if (before == null) {
      return new Storing.New();
    }
    return before.sent().equals(snapshot.sent())
        ? new Storing.Replayed()
        : new Storing.Conflicting();
  }

  byte[] stored(SnapshotReference place) {
    var found = stored.get(place);
    if (found == null) {
      throw new AssertionError("nothing is stored at " + place);
    }
    return found.picture().jpeg();
  }

  int size() {
    return stored.size();
  }
}
