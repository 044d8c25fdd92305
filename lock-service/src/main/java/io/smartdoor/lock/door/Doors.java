package io.smartdoor.lock.door;

import io.smartdoor.events.DoorId;
import java.util.List;
import java.util.Optional;

/** The doors that may report to this service. Safe for use by several threads and instances. */
public interface Doors {

  /**
   * Registers {@code door} with its key. Returns false, and changes nothing, where its id is taken.
   */
  boolean add(Door door, DoorKey key);

  Optional<Door> find(DoorId id);

  /**
   * A door and its key. Takes as long for a door that does not exist as for one that does: how long
   * does not tell which.
   */
  Optional<KeyedDoor> findWithKey(DoorId id);

  /** All doors, by id. */
  List<Door> all();

  /** Returns false where there was none. From then on nothing of this door is accepted. */
  boolean remove(DoorId id);
}
