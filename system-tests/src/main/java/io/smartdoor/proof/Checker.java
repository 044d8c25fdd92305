package io.smartdoor.proof;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toCollection;
import static java.util.stream.Collectors.toSet;

import io.smartdoor.events.DetailType;
import io.smartdoor.events.IdempotencyKey;
import io.smartdoor.proof.Findings.EventName;
import io.smartdoor.proof.Findings.InboxEntry;
import io.smartdoor.proof.Findings.OutboxItem;
import io.smartdoor.proof.Findings.Placement;
import io.smartdoor.proof.Violation.Kind;
import io.smartdoor.proof.Webhook.Answer;
import io.smartdoor.proof.Webhook.Opening;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collector;
import java.util.stream.Stream;

/**
 * Compares what doors have asked with what became of it: accepted ⊆ effects ⊆ attempted, and no
 * effect twice. In the manner of a Jepsen set test: it knows nothing of how the services work, only
 * what was asked and answered, and what is there once everything has come to rest.
 *
 * <p>A request without an answer may have had its effect or not; but what was stored of it has to
 * be seen through like anything accepted.
 */
final class Checker {

  static final String NOTIFICATION = "notification";
  static final String IDENTIFICATION = "identification";

  private final Set<String> recipients;
  private final Map<IdempotencyKey, List<Webhook>> attempts;
  private final Findings found;
  private final Set<Violation> violations = new LinkedHashSet<>();

  private Checker(Set<String> recipients, List<Webhook> webhooks, Findings found) {
    this.recipients = recipients;
    this.attempts = webhooks.stream().collect(groupingBy(Webhook::key, LinkedHashMap::new, list()));
    this.found = found;
  }

  /**
   * What was promised and not kept; empty where everything was.
   *
   * @param recipients who hear of every door
   * @param webhooks all requests of all doors, in their order
   * @param found what is in AWS now
   */
  static List<Violation> check(Set<String> recipients, List<Webhook> webhooks, Findings found) {
    return new Checker(recipients, webhooks, found).check();
  }

  private List<Violation> check() {
    attempts.forEach((key, webhooks) -> {
      checkAnswers(key, webhooks);
      checkChain(key, webhooks);
    });
    checkInvented();
    checkInboxes();
    checkLeftOver();
    return List.copyOf(violations);
  }

  /** The first 202 stands, whenever it is asked for again. */
  private void checkAnswers(IdempotencyKey key, List<Webhook> webhooks) {
    var answers = webhooks.stream().flatMap(it -> it.answer().stream()).toList();
    answers.stream()
        .filter(it -> it.status() / 100 == 4)
        .forEach(it -> report(Kind.REFUSED, "%s was answered %s".formatted(key, it)));
    var accepting = answers.stream().filter(Answer::accepted).map(Answer::body).collect(toSet());
    if (accepting.size() > 1) {
      report(Kind.CHANGED_ANSWER, "%s was accepted in %d ways".formatted(key, accepting.size()));
    }
  }

  private void checkChain(IdempotencyKey key, List<Webhook> webhooks) {
    var stored = found.outbox().stream().filter(it -> it.key().equals(key)).findFirst();
    if (stored.isEmpty()) {
      if (webhooks.stream().anyMatch(Webhook::accepted)) {
        report(Kind.LOST_EVENT, "%s was accepted and is not stored".formatted(key));
      }
      return;
    }
    if (!isOnTheBus(stored.get())) {
      return;
    }
    var opening = webhooks.getFirst().opening();
    var heard = EventName.of(DetailType.DOOR_STATUS, key);
    var last = EventName.of(opening.last(), lastKey(key, opening));
    checkDelivery(NOTIFICATION, heard);
    checkDelivery(IDENTIFICATION, heard);
    checkExecution(key);
    if (opening == Opening.BY_A_RESIDENT && !isDeadLetter(IDENTIFICATION, heard)) {
      checkDelivery(NOTIFICATION, last);
    }
    recipients.forEach(it -> checkEntry(it, key, heard, last));
  }

  /** Whether it was published, so that subscribers have to have heard of it. */
  private boolean isOnTheBus(OutboxItem stored) {
    if (stored.pending()) {
      report(Kind.LOST_EVENT, "%s is stored and not on the bus".formatted(stored.key()));
    }
    return !stored.pending() && stored.parked().isEmpty();
  }

  private void checkDelivery(String subscriber, EventName event) {
    var done =
        found.handlings().stream()
            .anyMatch(
                it -> it.subscriber().equals(subscriber) && it.event().equals(event) && it.done());
    if (!done && !isDeadLetter(subscriber, event)) {
      report(Kind.LOST_DELIVERY, "%s has not handled %s".formatted(subscriber, event));
    }
  }

  private void checkExecution(IdempotencyKey key) {
    var own =
        found.executions().stream().filter(it -> keyOf(it.name()).equals(key.toString())).toList();
    if (own.isEmpty() && !isDeadLetter(IDENTIFICATION, EventName.of(DetailType.DOOR_STATUS, key))) {
      report(Kind.LOST_EFFECT, "%s has no execution".formatted(key));
    }
    if (own.size() > 1) {
      report(Kind.DOUBLED_EFFECT, "%s has %d executions".formatted(key, own.size()));
    }
    own.stream()
        .filter(it -> !it.status().equals("SUCCEEDED"))
        .forEach(
            it -> report(Kind.LEFT_OVER, "execution %s is %s".formatted(it.name(), it.status())));
  }

  private void checkEntry(String recipient, IdempotencyKey key, EventName heard, EventName last) {
    var entries =
        found.inbox().stream()
            .filter(it -> it.recipient().equals(recipient) && it.correlation().equals(key))
            .toList();
    if (entries.size() > 1) {
      report(
          Kind.DOUBLED_EFFECT,
          "%s has %d entries for %s".formatted(recipient, entries.size(), key));
    } else if (entries.isEmpty()) {
      if (!isDeadLetter(NOTIFICATION, heard) || !isDeadLetter(NOTIFICATION, last)) {
        report(Kind.LOST_EFFECT, "%s has no entry for %s".formatted(recipient, key));
      }
    } else if (!entries.getFirst().event().equals(last)
        && !isDeadLetter(NOTIFICATION, last)
        && !isDeadLetter(IDENTIFICATION, heard)) {
      report(
          Kind.WRONG_ENTRY,
          "%s is told %s, not %s".formatted(recipient, entries.getFirst().event(), last));
    }
  }

  private boolean isDeadLetter(String subscriber, EventName event) {
    return found.deadLetters().stream()
        .anyMatch(it ->
            it.subscriber().equals(subscriber)
                && it.event().filter(event::equals).isPresent()
                && it.reason().isPresent());
  }

  /** Effects ⊆ attempted. */
  private void checkInvented() {
    found.outbox().stream()
        .map(OutboxItem::key)
        .filter(it -> !attempts.containsKey(it))
        .forEach(
            it -> report(Kind.INVENTED_EFFECT, "%s is stored and no door sent it".formatted(it)));
    found.executions().stream()
        .map(it -> keyOf(it.name()))
        .filter(it -> !IdempotencyKey.isValid(it) || !attempts.containsKey(IdempotencyKey.of(it)))
        .forEach(
            it -> report(Kind.INVENTED_EFFECT, "%s was started and no door sent it".formatted(it)));
    found.inbox().stream()
        .filter(it -> !attempts.containsKey(it.correlation()))
        .forEach(it ->
            report(
                Kind.INVENTED_EFFECT,
                "%s was told of %s and no door sent it"
                    .formatted(it.recipient(), it.correlation())));
    var known =
        attempts.entrySet().stream()
            .flatMap(it ->
                Stream.of(
                    EventName.of(DetailType.DOOR_STATUS, it.getKey()),
                    lastOf(it.getKey(), it.getValue().getFirst().opening())))
            .collect(toSet());
    found.handlings().stream()
        .filter(it -> !known.contains(it.event()))
        .forEach(it ->
            report(
                Kind.INVENTED_EFFECT,
                "%s has handled %s, which nothing led to".formatted(it.subscriber(), it.event())));
  }

  /** Each event is placed once at most; numbers grow by one, and the last write stands. */
  private void checkInboxes() {
    var writes = distinctBy(found.placements(), Placement::write);
    writes.stream()
        .collect(groupingBy(it -> it.recipient() + " was told of " + it.event(), counting()))
        .forEach((what, times) -> {
          if (times > 1) {
            report(Kind.DOUBLED_EFFECT, "%s %d times".formatted(what, times));
          }
        });
    found
        .counters()
        .forEach((recipient, last) -> {
          var own = writes.stream().filter(it -> it.recipient().equals(recipient)).toList();
          if (own.size() != last) {
            report(
                Kind.WRONG_ENTRY,
                "%s counts %d writes too few".formatted(recipient, own.size() - last));
          }
          checkNumbers(recipient, own);
        });
  }

  private void checkNumbers(String recipient, List<Placement> own) {
    own.stream()
        .collect(groupingBy(Placement::seq, counting()))
        .forEach((seq, times) -> {
          if (times > 1) {
            report(Kind.WRONG_ENTRY, "%s has number %d %d times".formatted(recipient, seq, times));
          }
        });
    var newest = new LinkedHashMap<IdempotencyKey, Placement>();
    own.forEach(it ->
        newest.merge(it.correlation(), it, (one, other) -> other.seq() > one.seq() ? other : one));
    newest.forEach((correlation, placement) -> {
      var shown =
          found.inbox().stream()
              .filter(
                  it -> it.recipient().equals(recipient) && it.correlation().equals(correlation))
              .map(InboxEntry::event)
              .findFirst();
      if (!shown.equals(Optional.of(placement.event()))) {
        report(
            Kind.WRONG_ENTRY,
            "%s was told %s last and is shown %s".formatted(recipient, placement.event(), shown));
      }
    });
  }

  /** What is left is in a dead-letter queue, with a reason. */
  private void checkLeftOver() {
    found
        .waiting()
        .forEach((queue, messages) -> {
          if (messages > 0) {
            report(Kind.LEFT_OVER, "%d messages on queue %s".formatted(messages, queue));
          }
        });
    found.handlings().stream()
        .filter(it -> !it.done() && !isDeadLetter(it.subscriber(), it.event()))
        .forEach(
            it -> report(Kind.LEFT_OVER, "%s has begun %s".formatted(it.subscriber(), it.event())));
    found.deadLetters().stream()
        .filter(it -> it.reason().isEmpty())
        .forEach(it ->
            report(Kind.LEFT_OVER, "%s on %s without a reason".formatted(it.event(), it.queue())));
  }

  private void report(Kind kind, String about) {
    violations.add(new Violation(kind, about));
  }

  private static EventName lastOf(IdempotencyKey key, Opening opening) {
    return EventName.of(opening.last(), lastKey(key, opening));
  }

  private static IdempotencyKey lastKey(IdempotencyKey key, Opening opening) {
    return switch (opening) {
      case BY_HAND -> key;
      case BY_A_RESIDENT -> key.followUp(opening.last());
    };
  }

  /** A retry by hand is named {@code <key>.2}. */
  private static String keyOf(String execution) {
    return execution.replaceFirst("\\.[0-9]+$", "");
  }

  private static <T, K> List<T> distinctBy(List<T> all, Function<T, K> by) {
    var seen = new LinkedHashMap<K, T>();
    all.forEach(it -> seen.putIfAbsent(by.apply(it), it));
    return List.copyOf(seen.values());
  }

  private static <T> Collector<T, ?, List<T>> list() {
    return toCollection(ArrayList::new);
  }
}
