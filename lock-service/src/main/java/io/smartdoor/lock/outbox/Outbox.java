package io.smartdoor.lock.outbox;

import io.smartdoor.events.DoorId;
import java.util.Optional;

/**
 * Keeps what was accepted until it is on the bus, and for {@link RelayPolicy#retention() some time}
 * after that.
 *
 * <p>Accepting is one conditional write. From then on the event is published at least once, by
 * whichever instance gets to it. Reads by door are eventually consistent: an event that was just
 * accepted may be missing for a moment. Safe for use by several threads and instances.
 */
public interface Outbox {

  /** Stores {@code event} unless its key is taken. Does not wait for the bus. */
  Acceptance accept(AcceptedEvent event);

  /** The door's event with the latest {@code occurred-at}. */
  Optional<RecordedEvent> newest(DoorId door);

  /**
   * The door's events, latest {@code occurred-at} first; without those that cannot be read, which
   * are logged and counted.
   *
   * @param before where the previous page ended; empty for the first
   */
  HistoryPage history(DoorId door, int limit, Optional<HistoryPosition> before);
}
