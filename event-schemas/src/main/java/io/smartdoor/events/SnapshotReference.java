package io.smartdoor.events;

/** Where a picture lies, never the picture: an S3 bucket and key. */
public record SnapshotReference(String bucket, String key) {

  public SnapshotReference {
    if (bucket.isEmpty() || key.isEmpty()) {
      throw new IllegalArgumentException("expected a bucket and a key, found an empty one");
    }
  }
}
