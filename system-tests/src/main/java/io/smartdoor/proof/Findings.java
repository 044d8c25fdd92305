package io.smartdoor.proof;

import io.smartdoor.events.DetailType;
import io.smartdoor.events.IdempotencyKey;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is in AWS when everything has come to rest, and what was written on the way there.
 *
 * @param placements every write to an inbox that AWS has executed, in their order; empty where
 *     nobody could watch them
 * @param counters the last number that each recipient's inbox has given out
 * @param waiting how many messages each subscriber's queue still holds, those in flight included
 */
record Findings(
    List<OutboxItem> outbox,
    List<Handling> handlings,
    List<Execution> executions,
    Optional<List<Placement>> placements,
    List<InboxEntry> inbox,
    Map<String, Long> counters,
    Map<String, Integer> waiting,
    List<DeadLetter> deadLetters) {

  /**
   * @param pending not known to be on the bus
   * @param parked the bus's reason for refusing it for good
   */
  record OutboxItem(IdempotencyKey key, boolean pending, Optional<String> parked) {}

  /** An event, as subscribers tell them apart. */
  record EventName(String detailType, IdempotencyKey key) {

    static EventName of(DetailType detailType, IdempotencyKey key) {
      return new EventName(detailType.text(), key);
    }

    @Override
    public String toString() {
      return detailType + " " + key;
    }
  }

  /**
   * What a subscriber has written down about an event.
   *
   * @param done whether it was handled to the end
   * @param leasedUntil until when somebody is at it
   */
  record Handling(
      String subscriber, EventName event, boolean done, Optional<Instant> leasedUntil) {}

  /**
   * @param name as it was given: the event's key
   * @param status {@code SUCCEEDED}, say
   */
  record Execution(String name, String status) {}

  /**
   * A write to an inbox.
   *
   * @param write tells writes apart: one that was repeated because its answer was lost is the same
   */
  record Placement(
      String write, String recipient, IdempotencyKey correlation, EventName event, long seq) {}

  /**
   * What an inbox shows.
   *
   * @param door whose event it is; empty where the entry names none
   */
  record InboxEntry(
      String recipient, IdempotencyKey correlation, EventName event, String door, long seq) {}

  /**
   * @param queue it lies on
   * @param subscriber whose event it is
   * @param event empty where it is none
   * @param reason why it is there
   * @param marker what a message was marked with that nobody can handle
   */
  record DeadLetter(
      String queue,
      String subscriber,
      Optional<EventName> event,
      Optional<String> reason,
      Optional<String> marker) {}
}
