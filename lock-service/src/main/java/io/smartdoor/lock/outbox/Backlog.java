package io.smartdoor.lock.outbox;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The outbox as seen by whoever publishes. Safe for use by several threads and instances. */
interface Backlog {

  /**
   * How many shards pending events are spread over. More can be added; with fewer, events pending
   * in the last ones would not be found.
   */
  int SHARDS = 8;

  /** How far a {@link Survey} counts at the least. Who has more pending need not know how many. */
  int COUNTED = 10_000;

  /**
   * Pending events of a shard that nobody holds at {@code now}, oldest first and page by page: one
   * is read when it is asked for, and may be empty. Eventually consistent. To publish an event,
   * {@link #lease} it. An item that cannot be read is left out, logged and counted.
   */
  Iterable<List<PendingEvent>> due(int shard, Instant now);

  /**
   * Takes {@code event} until then; empty where another call did or nothing is left to do. A call
   * that is repeated because its answer was lost gets what it took.
   */
  Optional<PendingEvent> lease(PendingEvent event, Instant now, Instant until);

  /**
   * Writes down what became of {@code event}. Published stands whoever says so; parking does unless
   * it was published; a later attempt is arranged only by who holds the event.
   */
  void settle(PendingEvent event, Settlement settlement);

  /** When the one pending for longest was accepted; eventually consistent. Reads little. */
  Optional<Instant> oldest();

  /**
   * How much there is; eventually consistent. Reads the backlog, if not all of a large one: not for
   * every moment.
   */
  Survey survey();

  /** Counts of what is not on the bus, each at least {@link #COUNTED} where there are so many. */
  record Survey(long pending, long parked) {}
}
