package io.smartdoor.events;

import java.util.Optional;

/**
 * A door as an event names it: its id, and what its owner calls it ("Front door"). Either may be
 * missing on reading.
 */
public record DoorReference(Optional<DoorId> id, Optional<String> name) {

  /** A door whose id and name are both known, as a publisher writes it. */
  public static DoorReference of(DoorId id, String name) {
    return new DoorReference(Optional.of(id), Optional.of(name));
  }
}
