package io.smartdoor.notification.delivery;

/** How much a notification wants to be seen. */
public enum Level {
  /** Good to know. */
  NOTICE("notice"),
  /** Wants somebody to look. */
  ALERT("alert");

  private final String text;

  Level(String text) {
    this.text = text;
  }

  /** The level as written in APIs. */
  public String text() {
    return text;
  }
}
