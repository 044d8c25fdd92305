package io.smartdoor.messaging.consuming;

import io.smartdoor.messaging.idempotency.Claim;
import io.smartdoor.messaging.idempotency.ClaimToken;
import io.smartdoor.messaging.idempotency.EventKey;
import io.smartdoor.messaging.idempotency.IdempotencyStore;
import io.smartdoor.messaging.idempotency.Release;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A store whose operations are out of reach while a test says so. */
final class FaultyStore implements IdempotencyStore {

  enum Operation {
    CLAIM,
    RENEW,
    COMPLETE,
    RELEASE
  }

  private final IdempotencyStore store;
  final Set<Operation> failing = EnumSet.noneOf(Operation.class);
  final List<Operation> calls = new ArrayList<>();

  FaultyStore(IdempotencyStore store) {
    this.store = store;
  }

  @Override
  public Claim claim(EventKey key) {
    reach(Operation.CLAIM);
    return store.claim(key);
  }

  @Override
  public Optional<Instant> renew(EventKey key, ClaimToken token) {
    reach(Operation.RENEW);
    return store.renew(key, token);
  }

  @Override
  public boolean complete(EventKey key, ClaimToken token) {
    reach(Operation.COMPLETE);
    return store.complete(key, token);
  }

  @Override
  public boolean release(EventKey key, ClaimToken token, Release how) {
    reach(Operation.RELEASE);
    return store.release(key, token, how);
  }

  private void reach(Operation operation) {
    calls.add(operation);
    if (failing.contains(operation)) {
      throw new IllegalStateException("DynamoDB is out of reach");
    }
  }
}
