package io.smartdoor.identification.resident;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/** What became of registering a resident. */
sealed interface Registration {

  /** There was no such resident before. */
  record Created() implements Registration {}

  /** There was such a resident, who now has these credentials and no others. */
  record Replaced() implements Registration {}

  /**
   * Nothing was changed: these of the credentials belong to other residents.
   *
   * @param owners who has them; at least one
   */
  record Taken(SortedMap<Credential, ResidentId> owners) implements Registration {

    public Taken {
      if (owners.isEmpty()) {
        throw new IllegalArgumentException("expected at least one credential that is taken");
      }
      owners = Collections.unmodifiableSortedMap(new TreeMap<>(owners));
    }
  }
}
