package io.smartdoor.lock.webhook;

import io.smartdoor.events.IdempotencyKey;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What a door calls one picture of its own: a UUID, written in lower case and read in either. */
public record SnapshotId(UUID value) {

  /** As a regular expression. */
  public static final String FORM =
      "[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}";

  /**
   * The id that is written {@code text}.
   *
   * @throws IllegalArgumentException where {@code text} is not the 36-character form of a UUID
   */
  public static SnapshotId of(@Nullable String text) {
    return new SnapshotId(IdempotencyKey.of(String.valueOf(text)).value());
  }

  @Override
  public String toString() {
    return value.toString();
  }
}
