package io.smartdoor.messaging.consuming;

import java.time.Duration;

/** One message as it was received, and what can be done with it. Each may throw. */
interface Delivery {

  String body();

  /** How often the queue delivered the message, this time included. */
  int receives();

  /** Takes the message off the queue for good. */
  void acknowledge();

  /** Leaves the message on the queue, unseen by anyone for {@code duration}. */
  void hideFor(Duration duration);

  /** Puts a copy of the message on the dead-letter queue. */
  void sendToDeadLetters(DeadLetter letter);
}
