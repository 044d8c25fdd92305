package io.smartdoor.notification.inbox;

import io.smartdoor.events.DetailType;

/**
 * How much an event says about its chain. An entry is replaced by what ranks higher, never by what
 * ranks the same or lower: so the order of arrival does not matter, and a repetition changes
 * nothing. Who it was, known or a stranger, ends the matter: the first of the two stands.
 */
record Rank(int value) {

  static Rank of(DetailType detailType) {
    return new Rank(
        switch (detailType) {
          case DOOR_STATUS -> 0;
          case IDENTIFICATION_FAILED -> 1;
          case PERSON_IDENTIFIED, PERSON_UNRECOGNISED -> 2;
        });
  }

  boolean isAbove(Rank other) {
    return value > other.value;
  }
}
