package io.smartdoor.messaging.publishing;

import java.util.List;

/**
 * Puts events on the system's bus, in batches as large as the bus allows.
 *
 * <p>At least once: an entry whose answer was lost is put again, and subscribers deduplicate by
 * key. Order is not promised. Never throws for what the bus or the network does; that is an
 * outcome. Safe for use by several threads.
 */
public interface EventPublisher {

  /**
   * Publishes {@code events}, however many. Entries that failed for a passing reason are put again
   * a few times, those alone, before they are reported as {@link PublishOutcome.Failed}.
   *
   * @return one outcome per event, in the order of {@code events}
   */
  List<PublishOutcome> publish(List<OutgoingEvent> events);
}
