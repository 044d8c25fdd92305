package io.smartdoor.messaging.consuming;

/**
 * What a subscriber does about an event. Called on a virtual thread, by several at once for
 * different events.
 *
 * <p>Called once per event, save for two cases: a crash between the effect and its record, and a
 * handler that loses its lease. So the effect must be idempotent by itself: a conditional write, a
 * deterministic key, a named execution.
 *
 * <p>Interrupted when its lease is lost, when it takes longer than a handler may, and when the
 * application stops and does not wait any longer: it should then end soon, by any exception.
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
