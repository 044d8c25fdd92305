package io.smartdoor.lock.outbox;

import java.util.Locale;

/** What became of the wish to redrive or drop a parked event. */
sealed interface Unparking {

  /** It is as was wished. */
  record Done() implements Unparking {}

  /** Nothing is known under this key. */
  record Unknown() implements Unparking {}

  /** It was parked once, or never. Nothing was changed. */
  record NotParked(State state) implements Unparking {}

  /** What an event can be instead of parked. */
  enum State {
    PENDING,
    PUBLISHED,
    DROPPED;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
