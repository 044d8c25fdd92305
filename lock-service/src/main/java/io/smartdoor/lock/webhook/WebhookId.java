package io.smartdoor.lock.webhook;

import io.smartdoor.events.DoorId;
import io.smartdoor.events.IdempotencyKey;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * What a door calls one webhook; the same when it repeats it. 1 to 256 printable characters of
 * ASCII without a full stop: that separates the id from the rest of what is signed, so an id with
 * one in it could make two different webhooks have one signature (Standard Webhooks 1.0.0,
 * "Signature scheme").
 */
public record WebhookId(String value) {

  static final String FORM = "[!-\\-/-~]{1,256}";

  private static final Pattern PATTERN = Pattern.compile(FORM);

  /**
   * Where doors' own names for their webhooks become keys. Changing it makes repeated webhooks new
   * ones.
   */
  private static final IdempotencyKey NAMESPACE =
      new IdempotencyKey(UUID.fromString("3f0f1c5e-5f86-4f4d-9d3b-6a0f9b9a7c11"));

  public WebhookId {
    if (!PATTERN.matcher(value).matches()) {
      throw new IllegalArgumentException(
          "expected 1 to 256 printable ASCII characters without a full stop");
    }
  }

  /**
   * The key that this id stands for: a UUID for itself, anything else for a UUIDv5 of the door and
   * the id. So a UUID is one key at all doors, and other ids are each door's own.
   */
  IdempotencyKey idempotencyKey(DoorId door) {
    return IdempotencyKey.isValid(value)
        ? IdempotencyKey.of(value)
        : NAMESPACE.derive(door.asResource()).derive(value);
  }

  @Override
  public String toString() {
    return value;
  }
}
