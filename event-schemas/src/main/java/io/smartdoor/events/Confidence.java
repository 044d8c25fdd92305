package io.smartdoor.events;

/** How sure an identification is, in percent: 0 (not at all) to 100. */
public record Confidence(double percent) {

  public Confidence {
    if (!(percent >= 0 && percent <= 100)) {
      throw new IllegalArgumentException("expected a confidence from 0 to 100, found " + percent);
    }
  }
}
