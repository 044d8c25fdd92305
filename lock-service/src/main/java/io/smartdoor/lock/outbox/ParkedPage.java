package io.smartdoor.lock.outbox;

import java.util.List;
import java.util.Optional;

/** Some of the parked events, and where the next page begins if there is one. */
record ParkedPage(List<ParkedEvent> items, Optional<HistoryPosition> next) {

  ParkedPage {
    items = List.copyOf(items);
  }
}
