package io.smartdoor.messaging.consuming;

/**
 * One subscriber's queue and what it does about what comes out of it. A bean of this type is all
 * that a service declares: the auto-configuration polls the queue and handles each event once.
 *
 * <p>All subscriptions of one service share its record of what was handled: an event that two of
 * them receive under the same {@link DecodedEvent#key} is handled by one.
 *
 * @param name of the subscriber, in logs and metrics
 * @param queue name of the queue that the subscriber's rule fills
 * @param deadLetterQueue name of the queue for what is rejected
 */
public record Subscription<E>(
    String name,
    String queue,
    String deadLetterQueue,
    EventDecoder<E> decoder,
    EventHandler<E> handler) {

  public Subscription {
    if (name.isBlank() || queue.isBlank() || deadLetterQueue.isBlank()) {
      throw new IllegalArgumentException(
          "expected names of a subscriber and its queues, found \"%s\", \"%s\" and \"%s\""
              .formatted(name, queue, deadLetterQueue));
    }
  }
}
