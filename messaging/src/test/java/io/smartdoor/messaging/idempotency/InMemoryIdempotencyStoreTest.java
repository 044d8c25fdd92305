package io.smartdoor.messaging.idempotency;

import io.smartdoor.messaging.testing.InMemoryIdempotencyStore;

class InMemoryIdempotencyStoreTest extends IdempotencyStoreContract {

  @Override
  IdempotencyStore store() {
    return new InMemoryIdempotencyStore(clock, LEASE);
  }
}
