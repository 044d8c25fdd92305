package io.smartdoor.messaging.testing;

import io.smartdoor.messaging.idempotency.Claim;
import io.smartdoor.messaging.idempotency.ClaimToken;
import io.smartdoor.messaging.idempotency.EventKey;
import io.smartdoor.messaging.idempotency.IdempotencyStore;
import io.smartdoor.messaging.idempotency.Release;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A store for tests, which passes the same contract as the one in DynamoDB. It forgets nothing but
 * itself: its records live as long as it does.
 */
public final class InMemoryIdempotencyStore implements IdempotencyStore {

  private final Clock clock;
  private final Duration lease;
  private final Map<EventKey, Entry> entries = new HashMap<>();
  private long grants;

  /** A store that knows of no event yet. */
  public InMemoryIdempotencyStore(Clock clock, Duration lease) {
    this.clock = clock;
    this.lease = lease;
  }

  @Override
  public synchronized Claim claim(EventKey key) {
    var entry = entries.computeIfAbsent(key, _ -> new Entry());
    var now = clock.instant();
    if (entry.handledAt != null) {
      return new Claim.AlreadyHandled(entry.handledAt);
    }
    if (entry.leaseUntil != null && entry.leaseUntil.isAfter(now)) {
      return new Claim.HeldElsewhere(entry.leaseUntil);
    }
    var granted =
        new Claim.Granted(
            new ClaimToken(new UUID(0, ++grants)), now.plus(lease), entry.attempts + 1);
    entry.token = granted.token();
    entry.leaseUntil = granted.until();
    entry.attempts = granted.attempt();
    return granted;
  }

  @Override
  public synchronized Optional<Instant> renew(EventKey key, ClaimToken token) {
    var entry = entries.get(key);
    if (entry == null || !token.equals(entry.token) || entry.leaseUntil == null) {
      return Optional.empty();
    }
    entry.leaseUntil = clock.instant().plus(lease);
    return Optional.of(entry.leaseUntil);
  }

  @Override
  public synchronized boolean complete(EventKey key, ClaimToken token) {
    var entry = entries.get(key);
    if (entry == null || !token.equals(entry.token)) {
      return false;
    }
    if (entry.leaseUntil != null) {
      entry.leaseUntil = null;
      entry.handledAt = clock.instant();
    }
    return entry.handledAt != null;
  }

  @Override
  public synchronized boolean release(EventKey key, ClaimToken token, Release how) {
    var entry = entries.get(key);
    if (entry == null || !token.equals(entry.token)) {
      return false;
    }
    if (entry.leaseUntil != null) {
      entry.leaseUntil = null;
      switch (how) {
        case CLEAN -> entry.attempts--;
        case COUNTED -> {}
        case REJECTED -> entry.attempts = 0;
      }
    }
    return entry.handledAt == null;
  }

  private static final class Entry {

    @Nullable ClaimToken token;
    @Nullable Instant leaseUntil;
    @Nullable Instant handledAt;
    int attempts;
  }
}
