package io.smartdoor.identification.resident;

import io.smartdoor.events.Identifiers;
import io.smartdoor.events.UserReference;
import java.util.Comparator;

/**
 * What a lock knows a resident by: an {@code id} ("1047") in one of its stores ("keypad"). Ordered
 * by store, then id.
 *
 * @param store any but {@value UserReference#RESIDENTS}, which needs no credential: a resident is
 *     known there by their own id
 */
record Credential(String store, String id) implements Comparable<Credential> {

  private static final Comparator<Credential> ORDER =
      Comparator.comparing(Credential::store).thenComparing(Credential::id);

  Credential {
    checkedStore(store);
    if (!UserReference.isValidId(id)) {
      throw new IllegalArgumentException(
          "expected a credential id of the form %s, found \"%s\""
              .formatted(UserReference.ID_FORM, id));
    }
  }

  /**
   * {@code store}, which credentials can be in.
   *
   * @throws IllegalArgumentException where they cannot
   */
  static String checkedStore(String store) {
    if (!UserReference.isValidStore(store) || store.equals(UserReference.RESIDENTS)) {
      throw new IllegalArgumentException(
          "expected a credential store of the form %s, but not %s, found \"%s\""
              .formatted(Identifiers.FORM, UserReference.RESIDENTS, store));
    }
    return store;
  }

  @Override
  public int compareTo(Credential other) {
    return ORDER.compare(this, other);
  }

  /** {@code <store>/<id>}, for an answer to whoever manages residents; never for a log. */
  @Override
  public String toString() {
    return store + "/" + id;
  }
}
