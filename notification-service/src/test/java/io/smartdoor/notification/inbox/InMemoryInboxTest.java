package io.smartdoor.notification.inbox;

import io.smartdoor.notification.recipient.InMemoryRecipients;
import io.smartdoor.notification.recipient.RecipientData;
import io.smartdoor.notification.recipient.Recipients;
import java.util.List;

class InMemoryInboxTest extends InboxContract {

  private final InMemoryRecipients recipients = new InMemoryRecipients();
  private final InMemoryInbox inbox = new InMemoryInbox(recipients, clock);

  @Override
  List<InMemoryInbox> instances() {
    return List.of(inbox);
  }

  @Override
  RecipientData kept() {
    return inbox;
  }

  @Override
  Recipients recipients() {
    return recipients;
  }
}
