package io.smartdoor.messaging.idempotency;

import java.util.UUID;

/**
 * Proof of one grant of a claim. A later grant has another, so whoever outlived its lease can
 * change nothing.
 */
public record ClaimToken(UUID value) {

  @Override
  public String toString() {
    return value.toString();
  }
}
