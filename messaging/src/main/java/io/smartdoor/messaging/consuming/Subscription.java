package io.smartdoor.messaging.consuming;

/**
 * One subscriber's queue and what it does about what comes out of it. A bean of this type is all
 * that a service declares: the auto-configuration polls the queue and handles each event once.
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
    EventHandler<E> handler) {}
