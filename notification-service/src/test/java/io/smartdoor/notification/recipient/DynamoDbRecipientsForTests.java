package io.smartdoor.notification.recipient;

import io.smartdoor.notification.TestAws;

/** The real recipients, for tests of other packages. */
public final class DynamoDbRecipientsForTests {

  private DynamoDbRecipientsForTests() {}

  public static Recipients create() {
    return new DynamoDbRecipients(TestAws.dynamoDb(), TestAws.nameOf("RecipientsTable"));
  }
}
