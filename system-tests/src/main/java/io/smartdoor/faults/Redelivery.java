package io.smartdoor.faults;

/** How a message comes to be delivered a second time. */
public enum Redelivery {
  /**
   * The same message with the same receipt handle is in the answer to a later ReceiveMessage on
   * that queue, of whichever caller, as when SQS missed that it is in flight. That poll does not
   * wait.
   */
  SAME_MESSAGE,
  /**
   * A message of its own with the same content, as when EventBridge delivers an event twice. It has
   * those message attributes that the receiver had asked for.
   */
  COPY
}
