package io.smartdoor.lock.outbox;

import java.util.List;
import java.util.Optional;

/**
 * Some of a door's events, and where the next page begins if there is one. A page has fewer than
 * were asked for where some could not be read.
 */
public record HistoryPage(List<RecordedEvent> items, Optional<HistoryPosition> next) {

  public HistoryPage {
    items = List.copyOf(items);
  }
}
