package io.smartdoor.messaging.consuming;

/**
 * A message is no event that this subscriber understands: it goes to the dead-letter queue with the
 * reason, unclaimed.
 */
public final class UndecodableMessageException extends RuntimeException {

  private static final long serialVersionUID = 1;

  /**
   * Says what was expected and what was found.
   *
   * @param message one line without personal data: it is logged and stored with the dead letter
   */
  public UndecodableMessageException(String message) {
    super(message);
  }
}
