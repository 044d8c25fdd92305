package io.smartdoor.lock.outbox;

import java.time.Instant;

/** What an attempt to publish makes of a pending event. */
sealed interface Settlement {

  /** It is on the bus: nothing is left to do, and in time it expires. */
  record Published(Instant at, Instant expiresAt) implements Settlement {}

  /** It stays pending and is nobody's business before {@code at}. */
  record RetryAt(Instant at) implements Settlement {}

  /** The bus will never take it: it waits for a person and does not expire. */
  record Parked(Instant at, String code, String message) implements Settlement {}
}
