package io.smartdoor.identification.resident;

import java.util.Collection;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

/** Somebody who lives here, with all their credentials; there may be none. Immutable. */
record Resident(ResidentId id, SortedSet<Credential> credentials) {

  /**
   * The most credentials that a resident may have. A change is one transaction of at most 100
   * actions
   * (https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html):
   * the resident; each old credential and each new one; and the counter of each of their stores.
   * With all of them different that is 1 + 4 × 24 = 97.
   */
  static final int MAX_CREDENTIALS = 24;

  Resident {
    if (credentials.size() > MAX_CREDENTIALS) {
      throw new IllegalArgumentException(
          "expected at most %d credentials, found %d"
              .formatted(MAX_CREDENTIALS, credentials.size()));
    }
    credentials = Collections.unmodifiableSortedSet(new TreeSet<>(credentials));
  }

  /** A resident who has these credentials, in whichever order they are given. */
  static Resident of(ResidentId id, Collection<Credential> credentials) {
    return new Resident(id, new TreeSet<>(credentials));
  }
}
