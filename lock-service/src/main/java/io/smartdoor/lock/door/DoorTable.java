package io.smartdoor.lock.door;

/** Where doors are kept for all instances: it says, too, whether any was removed. */
interface DoorTable extends Doors {

  /**
   * How many removals there have been, by whichever instance. Grows in the same write that removes
   * a door: while it stands still, every door that was read is still registered, with the same key.
   */
  long removals();
}
