package io.smartdoor.events;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/** The kinds of events, by the {@code detail-type} that EventBridge carries for them. */
public enum DetailType {
  DOOR_STATUS("Door Status"),
  PERSON_IDENTIFIED("Person Identified"),
  PERSON_UNRECOGNISED("Person Unrecognised"),
  IDENTIFICATION_FAILED("Identification Failed");

  private final String text;

  DetailType(String text) {
    this.text = text;
  }

  /** The detail-type as written in the envelope; exact, letter case included. */
  public String text() {
    return text;
  }

  /** The kind that is written {@code text}, or empty where this release knows none. */
  public static Optional<DetailType> of(String text) {
    return Arrays.stream(values()).filter(type -> type.text.equals(text)).findFirst();
  }

  /** All kinds as they are written, for a message that says what was expected. */
  public static String allowed() {
    return Arrays.stream(values()).map(DetailType::text).collect(Collectors.joining(", "));
  }
}
