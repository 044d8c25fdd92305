package io.smartdoor.messaging.consuming;

/**
 * What a subscriber does about an event. Called on a virtual thread, by several at once for
 * different events.
 *
 * <p>Called once per event, save for two cases: a crash between the effect and its record, and a
 * handler that outlives its lease. So the effect must be idempotent by itself: a conditional write,
 * a deterministic key, a named execution.
 *
 * <p>An exception counts as a failed attempt: the event is retried with growing delays, and after
 * the configured number of attempts it goes to the dead-letter queue.
 *
 * @param <E> what the subscription's decoder makes of a message
 */
@FunctionalInterface
public interface EventHandler<E> {

  /** Handles {@code event} and says what became of it. */
  HandlingOutcome handle(E event);
}
