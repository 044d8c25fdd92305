package io.smartdoor.notification.recipient;

class InMemoryRecipientsTest extends RecipientsContract {

  private final InMemoryRecipients recipients = new InMemoryRecipients();

  @Override
  Recipients recipients() {
    return recipients;
  }
}
