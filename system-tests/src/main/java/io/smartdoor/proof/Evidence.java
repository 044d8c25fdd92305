package io.smartdoor.proof;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toMap;
import static java.util.stream.Collectors.toSet;

import io.smartdoor.events.IdempotencyKey;
import io.smartdoor.proof.Findings.DeadLetter;
import io.smartdoor.proof.Findings.EventName;
import io.smartdoor.proof.Findings.Execution;
import io.smartdoor.proof.Findings.InboxEntry;
import io.smartdoor.proof.Findings.OutboxItem;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** {@link Findings} by what is asked of them: there are thousands after a soak. */
record Evidence(
    Map<IdempotencyKey, OutboxItem> outbox,
    Set<Delivery> handled,
    Map<String, List<Execution>> executions,
    Map<Told, List<InboxEntry>> inbox,
    Set<Delivery> deadLetters,
    Map<String, List<DeadLetter>> marked) {

  /** An event at one subscriber's. */
  record Delivery(String subscriber, EventName event) {}

  /** A chain of events at one recipient's. */
  record Told(String recipient, IdempotencyKey correlation) {}

  static Evidence of(Findings found) {
    return new Evidence(
        found.outbox().stream().collect(toMap(OutboxItem::key, it -> it)),
        found.handlings().stream()
            .filter(Findings.Handling::done)
            .map(it -> new Delivery(it.subscriber(), it.event()))
            .collect(toSet()),
        found.executions().stream().collect(groupingBy(it -> keyOf(it.name()))),
        found.inbox().stream()
            .collect(groupingBy(it -> new Told(it.recipient(), it.correlation()))),
        found.deadLetters().stream()
            .filter(it -> it.reason().isPresent())
            .flatMap(
                letter -> letter.event().stream().map(it -> new Delivery(letter.subscriber(), it)))
            .collect(toSet()),
        found.deadLetters().stream()
            .filter(it -> it.marker().isPresent())
            .collect(groupingBy(it -> it.marker().orElseThrow())));
  }

  Optional<OutboxItem> outbox(IdempotencyKey key) {
    return Optional.ofNullable(outbox.get(key));
  }

  boolean isHandled(String subscriber, EventName event) {
    return handled.contains(new Delivery(subscriber, event));
  }

  List<Execution> executions(IdempotencyKey key) {
    return executions.getOrDefault(key.toString(), List.of());
  }

  List<InboxEntry> entries(String recipient, IdempotencyKey correlation) {
    return inbox.getOrDefault(new Told(recipient, correlation), List.of());
  }

  /** Put aside, with a reason. */
  boolean isDeadLetter(String subscriber, EventName event) {
    return deadLetters.contains(new Delivery(subscriber, event));
  }

  List<DeadLetter> deadLettersMarked(String marker) {
    return marked.getOrDefault(marker, List.of());
  }

  /** The key for which an execution was started: a retry by hand is named {@code <key>.2}. */
  static String keyOf(String execution) {
    return execution.replaceFirst("\\.[0-9]+$", "");
  }
}
