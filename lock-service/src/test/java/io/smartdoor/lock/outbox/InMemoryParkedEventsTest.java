package io.smartdoor.lock.outbox;

class InMemoryParkedEventsTest extends ParkedEventsContract {

  private final InMemoryOutbox outbox = new InMemoryOutbox(OutboxFixture.LEASE);

  @Override
  Outbox outbox() {
    return outbox;
  }

  @Override
  Backlog backlog() {
    return outbox;
  }

  @Override
  ParkedEvents parkedEvents() {
    return outbox;
  }
}
