package io.smartdoor.notification.people;

import io.smartdoor.notification.TestAws;

class DynamoDbPeopleTest extends PeopleContract {

  private final People people =
      new DynamoDbPeople(TestAws.dynamoDb(), TestAws.nameOf("PeopleTable"));

  @Override
  People people() {
    return people;
  }
}
