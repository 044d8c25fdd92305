package io.smartdoor.events;

import java.util.Arrays;
import java.util.Optional;

/** By what a person was identified. */
public enum IdentificationMethod {
  FACE("face"),
  CREDENTIAL("credential");

  private final String text;

  IdentificationMethod(String text) {
    this.text = text;
  }

  /** The method as written in events. */
  public String text() {
    return text;
  }

  /** The method that is written {@code text}; empty for one that only a newer release knows. */
  public static Optional<IdentificationMethod> of(String text) {
    return Arrays.stream(values()).filter(method -> method.text.equals(text)).findFirst();
  }
}
