package io.smartdoor.lock.door;

import io.smartdoor.events.DoorId;
import java.util.Optional;

/** The doors that may report to this service. Safe for use by several threads and instances. */
public interface Doors {

  /**
   * Registers {@code door} with its key. Returns false, and changes nothing, where its id is taken
   * by another registration: this one, repeated because its answer was lost, is successful.
   */
  boolean add(Door door, DoorKey key);

  /** The door with this id, without its key. */
  Optional<Door> find(DoorId id);

  /**
   * A door and its key. Takes as long for a door that does not exist as for one that does: how long
   * does not tell which. A door whose stored key cannot be read is as one that does not exist.
   */
  Optional<KeyedDoor> findWithKey(DoorId id);

  /**
   * The door and the key that this instance remembers from its last {@link #findWithKey}, without
   * asking anybody. The key proves who signed; whether the door may still report, only {@link
   * #isCurrent} says.
   */
  default Optional<KeyedDoor> recall(DoorId id) {
    return Optional.empty();
  }

  /**
   * Whether {@code recalled} still holds. A removal by this instance shows at once, one by another
   * after some seconds, which are a setting. What is no longer current is to be read again.
   */
  default boolean isCurrent(KeyedDoor recalled) {
    return false;
  }

  /**
   * Doors, by id.
   *
   * @param after the id that the page before ended with; empty for the first page
   */
  DoorPage page(int limit, Optional<DoorId> after);

  /**
   * Returns false where there was none. From then on this instance accepts nothing of this door,
   * and some seconds later no instance does: see {@link #isCurrent}. Of several removals at once
   * more than one may return true.
   */
  boolean remove(DoorId id);
}
