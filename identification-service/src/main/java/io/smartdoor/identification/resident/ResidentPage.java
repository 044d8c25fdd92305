package io.smartdoor.identification.resident;

import java.util.List;
import java.util.Optional;

/**
 * Some of the residents.
 *
 * @param next after whom the next page begins; empty on the last one
 */
record ResidentPage(List<Resident> items, Optional<ResidentId> next) {

  ResidentPage {
    items = List.copyOf(items);
  }

  /** The page of {@code limit} items out of those found, which are one more if there is more. */
  static ResidentPage of(List<Resident> found, int limit) {
    return found.size() <= limit
        ? new ResidentPage(found, Optional.empty())
        : new ResidentPage(found.subList(0, limit), Optional.of(found.get(limit - 1).id()));
  }
}
