package io.smartdoor.notification.inbox;

import io.smartdoor.notification.TestAws;
import io.smartdoor.notification.recipient.DynamoDbRecipientsForTests;
import io.smartdoor.notification.recipient.RecipientData;
import io.smartdoor.notification.recipient.Recipients;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

class DynamoDbInboxTest extends InboxContract {

  private final Recipients recipients = DynamoDbRecipientsForTests.create();

  /** Four instances of the service: threads of one take turns, those of different ones do not. */
  private final List<DynamoDbInbox> inboxes =
      Stream.generate(() ->
              new DynamoDbInbox(
                  TestAws.dynamoDb(),
                  TestAws.nameOf("InboxTable"),
                  TestAws.presence(),
                  clock,
                  Duration.ofSeconds(2)))
          .limit(4)
          .toList();

  @Override
  List<DynamoDbInbox> instances() {
    return inboxes;
  }

  @Override
  RecipientData kept() {
    return inboxes.getFirst();
  }

  @Override
  Recipients recipients() {
    return recipients;
  }
}
