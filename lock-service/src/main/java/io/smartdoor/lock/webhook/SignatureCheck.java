package io.smartdoor.lock.webhook;

import io.smartdoor.lock.door.Door;
import java.time.Duration;

/** Whether a webhook is from the door that it claims to be from. */
sealed interface SignatureCheck {

  /** {@code door} sent exactly this, within the last five minutes. */
  record Valid(Door door) implements SignatureCheck {}

  /** It says that it was sent more than five minutes ago, or ahead. Says nothing of the door. */
  record OutOfTime() implements SignatureCheck {}

  /** There is no such door, or no signature is by its key. */
  record NoMatch() implements SignatureCheck {}

  /**
   * Nothing proves it, and too much from the same place proved nothing lately: it was not looked
   * into. Says nothing of the door.
   */
  record TooMany(Duration retryAfter) implements SignatureCheck {}
}
