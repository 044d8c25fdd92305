package io.smartdoor.lock.outbox;

/** The fake that the relay's tests rely on keeps the same promises. */
class InMemoryOutboxTest extends OutboxContract {

  private final InMemoryOutbox outbox = new InMemoryOutbox(OutboxFixture.LEASE);

  @Override
  Outbox outbox() {
    return outbox;
  }

  @Override
  Backlog backlog() {
    return outbox;
  }
}
