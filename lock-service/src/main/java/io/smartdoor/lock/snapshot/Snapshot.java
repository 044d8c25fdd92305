package io.smartdoor.lock.snapshot;

import io.smartdoor.events.DoorId;
import io.smartdoor.lock.outbox.BodyDigest;
import io.smartdoor.lock.webhook.SnapshotId;

/**
 * A picture that a door took.
 *
 * @param sent the digest of what the door sent, which is not what is kept
 */
record Snapshot(DoorId door, SnapshotId id, BodyDigest sent, Picture picture) {}
