package io.smartdoor.lock.door;

import io.smartdoor.events.DoorId;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Some of the doors, by id.
 *
 * @param next the last of them, where more follow
 */
public record DoorPage(List<Door> items, Optional<DoorId> next) {

  public DoorPage {
    items = List.copyOf(items);
  }

  /** The first {@code limit} of {@code doors} that come after that id. */
  static DoorPage of(Stream<Door> doors, int limit, Optional<DoorId> after) {
    var found =
        doors
            .filter(it -> after.isEmpty() || it.id().value().compareTo(after.get().value()) > 0)
            .sorted(Comparator.comparing(it -> it.id().value()))
            .limit(limit + 1L)
            .toList();
    var items = found.stream().limit(limit).toList();
    return new DoorPage(
        items, found.size() > limit ? Optional.of(items.getLast().id()) : Optional.empty());
  }
}
