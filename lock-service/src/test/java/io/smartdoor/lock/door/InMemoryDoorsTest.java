package io.smartdoor.lock.door;

class InMemoryDoorsTest extends DoorsContract {

  private final DoorTable doors = new InMemoryDoors();

  @Override
  DoorTable doors() {
    return doors;
  }
}
