package io.smartdoor.lock.snapshot;

import io.smartdoor.lock.webhook.SnapshotPlaces;

/** Where doors' pictures are kept, for some days. Safe for use by several threads. */
interface Snapshots extends SnapshotPlaces {

  /**
   * Stores a picture where {@link #placeOf} says, once: the first that comes stands, also among
   * several at the same time. After a crash, whether it is stored shows when this is done again.
   */
  Storing store(Snapshot snapshot);
}
