package io.smartdoor.proof;

/** The kinds of trouble that a soak has in store. */
enum Trouble {
  /** Kill -9 of an instance; another one starts. */
  KILLED("killed"),
  /** SIGTERM to an instance, as when a new version is brought out; another one starts. */
  TERMINATED("terminated"),
  /** SIGSTOP of an instance for longer than any lease, then SIGCONT. */
  PAUSED("paused"),
  /** All instances of a consumer are killed, and stay away. */
  DOWN("down"),
  /** The bus answers 503. */
  BUS_OUTAGE("bus outage"),
  /** An AWS service refuses calls as too many, in its own words. */
  THROTTLED("throttled"),
  /** AWS answers 500 and has done nothing. */
  FAILED_BEFORE("failed before"),
  /** AWS answers 500 and has done it all the same. */
  FAILED_AFTER("failed after"),
  /** The connection is cut before AWS has the call. */
  CUT_BEFORE("cut before"),
  /** The connection is cut when AWS has executed the call. */
  CUT_AFTER("cut after"),
  /** Calls take longer. */
  SLOW("slow"),
  /** Single entries of a PutEvents fail. */
  ENTRIES_FAILED("entries failed"),
  /** SQS delivers a message that it has delivered. */
  DELIVERED_TWICE("delivered twice"),
  /** EventBridge delivers an event that it has delivered. */
  COPIED("copied");

  private final String label;

  Trouble(String label) {
    this.label = label;
  }

  @Override
  public String toString() {
    return label;
  }
}
