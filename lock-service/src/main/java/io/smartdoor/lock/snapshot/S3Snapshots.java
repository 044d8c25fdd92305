package io.smartdoor.lock.snapshot;

import io.smartdoor.events.DoorId;
import io.smartdoor.events.IdempotencyKey;
import io.smartdoor.events.SnapshotReference;
import io.smartdoor.lock.outbox.BodyDigest;
import io.smartdoor.lock.webhook.SnapshotId;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * Keeps pictures in a bucket of S3, whose lifecycle removes them. A picture is one conditional
 * write: only where it is refused is anything else asked.
 */
final class S3Snapshots implements Snapshots {

  /** What the bucket's lifecycle goes by. */
  static final String PREFIX = "snapshots/";

  /** Of what the door sent, in the object's metadata. */
  static final String SENT = "sent-sha256";

  static final String DOOR = "door";
  static final String SNAPSHOT = "snapshot";

  /** An object is there: HTTP's "precondition failed", as {@code If-None-Match: *} has it. */
  private static final int THERE_ALREADY = 412;

  /**
   * "If a conflicting operation occurs during the upload": another one writes the same object.
   *
   * @see <a
   *     href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html">Conditional
   *     writes</a>
   */
  private static final int WRITTEN_BY_ANOTHER = 409;

  private static final int TRIES = 3;

  /** Where doors' own names for pictures become keys. Changing it loses what is stored. */
  private static final IdempotencyKey NAMESPACE =
      new IdempotencyKey(UUID.fromString("b8a5c0de-6b0e-4a57-8d0a-2f1c7b1a9d64"));

  private final S3Client s3;
  private final String bucket;

  S3Snapshots(S3Client s3, String bucket) {
    this.s3 = s3;
    this.bucket = bucket;
  }

  /**
   * Short, since an event of at most 1 KiB names five; of the door as well as of the picture, so
   * that no door can name another's.
   */
  @Override
  public SnapshotReference placeOf(DoorId door, SnapshotId snapshot) {
    var id = NAMESPACE.derive(door.asResource()).derive(snapshot.toString()).value();
    var bytes =
        ByteBuffer.allocate(2 * Long.BYTES)
            .putLong(id.getMostSignificantBits())
            .putLong(id.getLeastSignificantBits())
            .array();
    var name = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    return new SnapshotReference(bucket, PREFIX + name);
  }

  @Override
  public Storing store(Snapshot snapshot) {
    var key = placeOf(snapshot.door(), snapshot.id()).key();
    for (var tries = 1; ; tries++) {
      try {
        put(key, snapshot);
        return new Storing.New();
      } catch (S3Exception e) {
        if (e.statusCode() != THERE_ALREADY && e.statusCode() != WRITTEN_BY_ANOTHER) {
          throw e;
        }
        var stored = stored(key);
        if (stored.isPresent()) {
          return stored.get().equals(snapshot.sent())
              ? new Storing.Replayed()
              : new Storing.Conflicting();
        }
        if (tries == TRIES) {
          throw e;
        }
      }
    }
  }

  private void put(String key, Snapshot snapshot) {
    s3.putObject(
        it ->
            it.bucket(bucket)
                .key(key)
                .ifNoneMatch("*")
                .contentType("image/jpeg")
                .metadata(
                    Map.of(
                        DOOR, snapshot.door().value(),
                        SNAPSHOT, snapshot.id().toString(),
                        SENT, snapshot.sent().value())),
        RequestBody.fromBytes(snapshot.picture().jpeg()));
  }

  /** What was sent for the picture that is there; empty where none is, or no more. */
  private Optional<BodyDigest> stored(String key) {
    try {
      var metadata = s3.headObject(it -> it.bucket(bucket).key(key)).metadata();
      return Optional.of(new BodyDigest(metadata.getOrDefault(SENT, "")));
    } catch (NoSuchKeyException _) {
      return Optional.empty();
    }
  }
}
