package io.smartdoor.notification.recipient;

class DynamoDbRecipientsTest extends RecipientsContract {

  private final Recipients recipients = DynamoDbRecipientsForTests.create();

  @Override
  Recipients recipients() {
    return recipients;
  }
}
