package io.smartdoor.messaging.idempotency;

import io.smartdoor.messaging.testing.InMemoryIdempotencyStore;
import org.junit.jupiter.api.Test;

class InMemoryIdempotencyStoreTest extends IdempotencyStoreContract {

  @Override
  IdempotencyStore store() {
    return new InMemoryIdempotencyStore(clock, LEASE);
  }

  /** Many more than a store elsewhere has time for. */
  @Test
  void answersAsTheModelDoesInThousandsOfHistories() {
    new ClaimHistories(store, clock, LEASE).agreeWithTheModel(3000, 60);
  }
}
