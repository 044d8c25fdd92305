package io.smartdoor.lock.outbox;

/** What became of a request to accept an event. */
public sealed interface Acceptance {

  /** It was not known before and will be published. */
  record New(Receipt receipt) implements Acceptance {}

  /** The same door sent the same body under the same key before: the answer is the one of then. */
  record Replayed(Receipt receipt) implements Acceptance {}

  /** The key stands for another body, or for another door's event. Nothing was stored. */
  record Conflicting() implements Acceptance {}
}
