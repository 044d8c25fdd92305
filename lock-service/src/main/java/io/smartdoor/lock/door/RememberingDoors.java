package io.smartdoor.lock.door;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import io.smartdoor.events.DoorId;
import java.time.Duration;
import java.util.Optional;

/**
 * Remembers the doors that it has read, up to a number, and forgets first those that nobody asks
 * for. A door that does not exist is not remembered.
 *
 * <p>Whether what is remembered still holds shows in the table's count of removals: one read for
 * all doors together, and at most one every moment. That costs the same however many doors there
 * are. A door is read anew after some minutes all the same, for what somebody changes by hand.
 */
final class RememberingDoors implements Doors {

  /**
   * @param removals as they were known before the door was read
   */
  private record Memory(KeyedDoor door, long removals, long readAt) {}

  private final DoorTable table;
  private final RemovalCount removals;
  private final Cache<DoorId, Memory> memories;
  private final long readAnewAfter;
  private final Ticker ticker;

  /**
   * @param most how many doors are remembered
   * @param removalsSeenAfter how long a removal by another instance may go unnoticed
   * @param readAnewAfter how long a change that somebody makes by hand may go unnoticed
   */
  RememberingDoors(
      DoorTable table,
      int most,
      Duration removalsSeenAfter,
      Duration readAnewAfter,
      Ticker ticker) {
    this.table = table;
    this.removals = new RemovalCount(table::removals, removalsSeenAfter, ticker);
    this.memories = Caffeine.newBuilder().maximumSize(most).build();
    this.readAnewAfter = readAnewAfter.toNanos();
    this.ticker = ticker;
  }

  @Override
  public Optional<KeyedDoor> recall(DoorId id) {
    return Optional.ofNullable(memories.getIfPresent(id)).map(Memory::door);
  }

  @Override
  public boolean isCurrent(KeyedDoor recalled) {
    var memory = memories.getIfPresent(recalled.door().id());
    return memory != null
        && memory.door().equals(recalled)
        && ticker.read() - memory.readAt() < readAnewAfter
        && removals.current() == memory.removals();
  }

  @Override
  public Optional<KeyedDoor> findWithKey(DoorId id) {
    var before = removals.lastKnown();
    var at = ticker.read();
    var found = table.findWithKey(id);
    found.ifPresentOrElse(
        it -> memories.put(id, new Memory(it, before, at)), () -> memories.invalidate(id));
    return found;
  }

  @Override
  public boolean add(Door door, DoorKey key) {
    return table.add(door, key);
  }

  @Override
  public Optional<Door> find(DoorId id) {
    return table.find(id);
  }

  @Override
  public DoorPage page(int limit, Optional<DoorId> after) {
    return table.page(limit, after);
  }

  /** Also where it fails: the removal may have been made, and its answer lost. */
  @Override
  public boolean remove(DoorId id) {
    try {
      return table.remove(id);
    } finally {
      removals.expire();
      memories.invalidate(id);
    }
  }

  /** Now, which otherwise happens in passing; for tests. */
  void forgetWhatIsTooMuch() {
    memories.cleanUp();
  }
}
