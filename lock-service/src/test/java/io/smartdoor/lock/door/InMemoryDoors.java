package io.smartdoor.lock.door;

import com.github.benmanes.caffeine.cache.Ticker;
import io.smartdoor.events.DoorId;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** Doors without a table. */
public class InMemoryDoors implements DoorTable {

  private final Map<DoorId, KeyedDoor> doors = new ConcurrentHashMap<>();
  private final AtomicLong removals = new AtomicLong();

  /** As an instance remembers them: a removal by another one shows after {@code seenAfter}. */
  public Doors asRememberedBy(Duration seenAfter, Ticker ticker) {
    return new RememberingDoors(this, 100, seenAfter, Duration.ofMinutes(10), ticker);
  }

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
    var wasThere = doors.remove(id) != null;
    if (wasThere) {
      removals.incrementAndGet();
    }
    return wasThere;
  }

  @Override
  public long removals() {
    return removals.get();
  }
}
