package io.smartdoor.messaging.publishing;

/**
 * What became of one entry of a call to publish. A call that succeeds can still fail single
 * entries.
 */
public sealed interface PublishOutcome {

  /** The bus took it, under an id of its own. */
  record Published(String eventId) implements PublishOutcome {}

  /**
   * The bus will never take this entry as it is: repeating is pointless. {@code code} is the
   * entry's own error code at EventBridge, never one of a whole call.
   */
  record Refused(String code, String message) implements PublishOutcome {}

  /**
   * The bus did not take it this time, throttled or out of reach: it may have, so a repeat may
   * publish it twice.
   */
  record Failed(String code, String message) implements PublishOutcome {}
}
