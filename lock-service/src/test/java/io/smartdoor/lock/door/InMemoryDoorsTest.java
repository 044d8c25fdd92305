package io.smartdoor.lock.door;

class InMemoryDoorsTest extends DoorsContract {

  private final Doors doors = new InMemoryDoors();

  @Override
  Doors doors() {
    return doors;
  }
}
