package io.smartdoor.events;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The states of a door, by Matter's DoorStateEnum (Application Cluster Specification, Door Lock
 * cluster), in kebab-case.
 */
public enum DoorState {
  OPEN("open"),
  CLOSED("closed"),
  AJAR("ajar"),
  JAMMED("jammed"),
  FORCED_OPEN("forced-open"),
  UNSPECIFIED_ERROR("unspecified-error");

  private final String text;

  DoorState(String text) {
    this.text = text;
  }

  /** The state as written in events and APIs. */
  public String text() {
    return text;
  }

  /** The state that is written {@code text}, letter case included. */
  public static Optional<DoorState> of(String text) {
    return Arrays.stream(values()).filter(state -> state.text.equals(text)).findFirst();
  }

  /** All states as they are written, for a message that says what was expected. */
  public static String allowed() {
    return Arrays.stream(values()).map(DoorState::text).collect(Collectors.joining(", "));
  }
}
