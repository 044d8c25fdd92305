package io.smartdoor.proof;

/**
 * Whose phone hears of every door.
 *
 * @param hearsOfClosing whether of doors that close, too
 */
record Recipient(String name, boolean hearsOfClosing) {

  boolean hearsOf(Opening opening) {
    return hearsOfClosing || opening.opens();
  }
}
