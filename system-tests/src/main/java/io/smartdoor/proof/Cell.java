package io.smartdoor.proof;

import io.smartdoor.events.IdempotencyKey;
import java.util.List;

/** One place in the matrix: a fault that an event meets on its way. */
interface Cell {

  /** Whose instance it strikes. */
  String service();

  /** The call at which the fault strikes. */
  String place();

  /** How it strikes. */
  String moment();

  /**
   * Lets the door send an event under this key, has the fault strike, and returns when everything
   * has come to rest.
   *
   * @return whether the fault did strike: it proves nothing otherwise
   */
  boolean strike(Stage stage, IdempotencyKey key) throws Exception;

  /** Names of all that {@link #variants} may give. */
  default List<String> variantNames() {
    return List.of();
  }

  /** Further cells that follow from what happened to this one's event. */
  default List<Cell> variants(Stage stage, IdempotencyKey key) {
    return List.of();
  }

  /** Both in one, for those who ask for some cells only. */
  default String name() {
    return "%s, %s".formatted(place(), moment());
  }
}
