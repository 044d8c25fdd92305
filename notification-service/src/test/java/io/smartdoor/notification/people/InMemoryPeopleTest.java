package io.smartdoor.notification.people;

class InMemoryPeopleTest extends PeopleContract {

  private final InMemoryPeople people = new InMemoryPeople();

  @Override
  People people() {
    return people;
  }
}
