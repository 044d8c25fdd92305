package io.smartdoor.events;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/** How a lock was operated, by Matter's OperationSourceEnum (Door Lock cluster), in kebab-case. */
public enum OperationSource {
  UNSPECIFIED("unspecified"),
  MANUAL("manual"),
  PROPRIETARY_REMOTE("proprietary-remote"),
  KEYPAD("keypad"),
  AUTO("auto"),
  BUTTON("button"),
  SCHEDULE("schedule"),
  REMOTE("remote"),
  RFID("rfid"),
  BIOMETRIC("biometric");

  private final String text;

  OperationSource(String text) {
    this.text = text;
  }

  /** The source as written in events and APIs. */
  public String text() {
    return text;
  }

  /** The source that is written {@code text}, letter case included. */
  public static Optional<OperationSource> of(String text) {
    return Arrays.stream(values()).filter(source -> source.text.equals(text)).findFirst();
  }

  /** All sources as they are written, for a message that says what was expected. */
  public static String allowed() {
    return Arrays.stream(values()).map(OperationSource::text).collect(Collectors.joining(", "));
  }
}
