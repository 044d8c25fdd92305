package io.smartdoor.identification.stranger;

import io.smartdoor.events.DoorReference;
import io.smartdoor.events.IdempotencyKey;
import io.smartdoor.identification.face.Confidence;
import java.time.Instant;
import java.util.Optional;

/**
 * A picture of somebody whom nobody knows.
 *
 * @param opening the key of the event of the door that they opened: one picture is kept of each
 * @param door which it was, if known
 * @param seen when it was opened
 * @param best how alike they are to whoever they are most like
 * @param picture the JPEG or PNG, as the Lock Service keeps it
 */
public record Stranger(
    IdempotencyKey opening,
    Optional<DoorReference> door,
    Instant seen,
    Confidence best,
    byte[] picture) {

  public Stranger {
    picture = picture.clone();
  }

  @Override
  public byte[] picture() {
    return picture.clone();
  }

  /** Without the picture: logs are no place for faces. */
  @Override
  public String toString() {
    return "Stranger[%s, %d bytes]".formatted(opening, picture.length);
  }
}
