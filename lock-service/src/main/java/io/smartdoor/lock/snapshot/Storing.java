package io.smartdoor.lock.snapshot;

/** What became of a picture that was to be stored. */
sealed interface Storing {

  /** It is stored from now on. */
  record New() implements Storing {}

  /** It was stored before. */
  record Replayed() implements Storing {}

  /** The door has called another picture so. */
  record Conflicting() implements Storing {}
}
