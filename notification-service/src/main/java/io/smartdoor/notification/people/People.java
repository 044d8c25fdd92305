package io.smartdoor.notification.people;

import io.smartdoor.events.UserReference;
import java.time.Instant;
import java.util.Optional;

/**
 * The directory of what to call people, by the reference that events name them with. Reads see
 * every write that returned before they began. Safe for use by several threads and processes.
 */
public interface People {

  /** What to call {@code person}; empty where nobody has said. */
  Optional<DisplayName> nameOf(UserReference person);

  /**
   * As {@link #nameOf}, for an event that was accepted at {@code asOf}: every change that was made
   * before is seen, a later one perhaps not, even if it returned before this read began.
   */
  default Optional<DisplayName> nameAsOf(Instant asOf, UserReference person) {
    return nameOf(person);
  }

  /**
   * From now on {@code person} is called {@code name}. Entries that stand in an inbox keep the name
   * they were written with.
   *
   * @return whether they had no name before
   */
  boolean put(UserReference person, DisplayName name);

  /** Forgets what {@code person} is called; nothing happens where nobody has said. */
  void remove(UserReference person);
}
