package io.smartdoor.messaging.consuming;

/**
 * A message is no event that this subscriber understands: it goes to the dead-letter queue with the
 * reason, unclaimed.
 */
public final class UndecodableMessageException extends RuntimeException {

  private static final long serialVersionUID = 1;

  /**
   * Says which field is wrong and what was expected of it.
   *
   * @param message one line that quotes nothing of the message, where a name may stand in place of
   *     an id: it is logged and stored with the dead letter
   */
  public UndecodableMessageException(String message) {
    super(message);
  }
}
