package io.smartdoor.lock.door;

import io.smartdoor.events.DoorId;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Doors without a table. */
public class InMemoryDoors implements Doors {

  private final Map<DoorId, KeyedDoor> doors = new ConcurrentHashMap<>();

  @Override
  public boolean add(Door door, DoorKey key) {
    return doors.putIfAbsent(door.id(), new KeyedDoor(door, key)) == null;
  }

  @Override
  public Optional<Door> find(DoorId id) {
    return findWithKey(id).map(KeyedDoor::door);
  }

  @Override
  public Optional<KeyedDoor> findWithKey(DoorId id) {
    return Optional.ofNullable(doors.get(id));
  }

  @Override
  public DoorPage page(int limit, Optional<DoorId> after) {
    return DoorPage.of(doors.values().stream().map(KeyedDoor::door), limit, after);
  }

  @Override
  public boolean remove(DoorId id) {
    return doors.remove(id) != null;
  }
}
