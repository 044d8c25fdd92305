package io.smartdoor.messaging.idempotency;

import io.smartdoor.events.IdempotencyKey;

/** What a subscriber deduplicates by: a key that one kind of event used silences no other kind. */
public record EventKey(String detailType, IdempotencyKey key) {

  /** {@code <detail-type>#<key>}, as stored. */
  @Override
  public String toString() {
    return detailType + "#" + key;
  }
}
