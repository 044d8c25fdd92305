package io.smartdoor.identification.resident;

import java.util.Optional;

/**
 * Everybody who lives here. A credential belongs to one resident at most, and how many credentials
 * of a store are registered is known at any time: a store with none is not known to the workflow.
 *
 * <p>Every change is atomic: of a resident, all credentials change or none. Reading sees every
 * change that was answered before. Safe for use by several threads and processes.
 *
 * <p>A change that others keep getting in the way of ends in a {@link ContendedException}, with
 * nothing changed: it can be tried again.
 */
interface Residents {

  /**
   * Registers {@code resident}, or replaces all credentials of the one with this id. The same again
   * changes nothing.
   */
  Registration register(Resident resident);

  /** The resident with this id. */
  Optional<Resident> find(ResidentId id);

  /**
   * Up to {@code limit} residents, from the beginning or {@code after} the last one of a page
   * before. Who is there throughout is seen once; the order is nobody's business, but does not
   * change.
   */
  ResidentPage list(int limit, Optional<ResidentId> after);

  /**
   * Forgets the resident and all their credentials.
   *
   * @return whether there was such a resident
   */
  boolean remove(ResidentId id);
}
