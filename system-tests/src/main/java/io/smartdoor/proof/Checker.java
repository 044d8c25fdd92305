package io.smartdoor.proof;

import static java.util.Comparator.comparingLong;
import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;
import static java.util.stream.Collectors.toSet;

import io.smartdoor.events.DetailType;
import io.smartdoor.events.IdempotencyKey;
import io.smartdoor.proof.Asked.Announcement;
import io.smartdoor.proof.Asked.Poisoning;
import io.smartdoor.proof.Evidence.Delivery;
import io.smartdoor.proof.Evidence.Told;
import io.smartdoor.proof.Findings.DeadLetter;
import io.smartdoor.proof.Findings.EventName;
import io.smartdoor.proof.Findings.InboxEntry;
import io.smartdoor.proof.Findings.OutboxItem;
import io.smartdoor.proof.Findings.Placement;
import io.smartdoor.proof.Violation.Kind;
import io.smartdoor.proof.Webhook.Answer;
import io.smartdoor.proof.Webhook.Content;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * Compares what was asked with what became of it: accepted ⊆ effects ⊆ attempted, and no effect
 * twice. In the manner of a Jepsen set test: it knows nothing of how the services work, only what
 * was asked and answered, and what is there once everything has come to rest.
 *
 * <p>A request without an answer may have had its effect or not; but what was stored of it has to
 * be seen through like anything accepted. Of several requests under one key that are not the same,
 * one is taken and the others are refused: which, is known from the answers, or else from the
 * effects.
 */
final class Checker {

  static final String NOTIFICATION = "notification";
  static final String IDENTIFICATION = "identification";

  private static final Set<String> ALL = Set.of(NOTIFICATION, IDENTIFICATION);

  private final Set<Recipient> recipients;
  private final Asked asked;
  private final Map<IdempotencyKey, List<Webhook>> attempts;
  private final Findings found;
  private final Evidence evidence;
  private final Set<Violation> violations = new LinkedHashSet<>();

  /** Effects that something was asked for which has them. */
  private final Set<Delivery> allowedDeliveries = new HashSet<>();

  private final Set<String> allowedExecutions = new HashSet<>();
  private final Set<Told> allowedEntries = new HashSet<>();

  private Checker(Set<Recipient> recipients, Asked asked, Findings found) {
    this.recipients = recipients;
    this.asked = asked;
    this.attempts =
        asked.webhooks().stream().collect(groupingBy(Webhook::key, LinkedHashMap::new, toList()));
    this.found = found;
    this.evidence = Evidence.of(found);
  }

  /**
   * What was promised and not kept; empty where everything was.
   *
   * @param recipients who hear of every door
   * @param found what is in AWS now
   */
  static List<Violation> check(Set<Recipient> recipients, Asked asked, Findings found) {
    return new Checker(recipients, asked, found).check();
  }

  private List<Violation> check() {
    attempts.forEach((key, webhooks) -> {
      var takeable = takeable(webhooks);
      checkAnswers(key, webhooks, takeable);
      checkChain(key, webhooks, takeable);
    });
    asked.announcements().forEach(this::checkAnnouncement);
    asked.poisonings().forEach(this::checkPoisoning);
    checkInvented();
    checkInboxes();
    checkLeftOver();
    return List.copyOf(violations);
  }

  /**
   * Which of the requests under one key may have been the one that was taken: the one that was
   * accepted, or else those of which nobody knows. One that was told of a conflict is not.
   */
  private static Set<Content> takeable(List<Webhook> webhooks) {
    var accepted =
        webhooks.stream().filter(Webhook::accepted).map(Webhook::content).collect(toSet());
    if (!accepted.isEmpty()) {
      return accepted;
    }
    var unknown = new LinkedHashSet<Content>();
    webhooks.stream()
        .filter(Webhook::mayHaveHadItsEffect)
        .map(Webhook::content)
        .forEach(unknown::add);
    webhooks.stream().filter(Webhook::conflicting).map(Webhook::content).forEach(unknown::remove);
    return unknown;
  }

  /** The first 202 stands, whenever it is asked for again; who comes with another body hears so. */
  private void checkAnswers(IdempotencyKey key, List<Webhook> webhooks, Set<Content> takeable) {
    if (takeable.size() > 1 && webhooks.stream().anyMatch(Webhook::accepted)) {
      report(Kind.TAKEN_TWICE, "%s was accepted of %s".formatted(key, takeable));
    }
    for (var webhook : webhooks) {
      var refused = webhook.answer().filter(it -> it.status() / 100 == 4 && !it.passing());
      var conflict =
          webhook.conflicting() && takeable.stream().anyMatch(it -> !it.equals(webhook.content()));
      if (refused.isPresent() && !conflict) {
        report(Kind.REFUSED, "%s was answered %s".formatted(key, refused.get()));
      }
    }
    webhooks.stream()
        .filter(Webhook::accepted)
        .collect(groupingBy(Webhook::content))
        .values()
        .forEach(same -> {
          var ways =
              same.stream()
                  .flatMap(it -> it.answer().stream())
                  .map(Answer::body)
                  .distinct()
                  .count();
          if (ways > 1) {
            report(Kind.CHANGED_ANSWER, "%s was accepted in %d ways".formatted(key, ways));
          }
        });
  }

  private void checkChain(IdempotencyKey key, List<Webhook> webhooks, Set<Content> takeable) {
    var stored = evidence.outbox(key);
    if (stored.isEmpty()) {
      if (webhooks.stream().anyMatch(Webhook::accepted)) {
        report(Kind.LOST_EVENT, "%s was accepted and is not stored".formatted(key));
      }
      return;
    }
    if (takeable.isEmpty()) {
      report(Kind.INVENTED_EFFECT, "%s is stored and was refused".formatted(key));
      return;
    }
    var onTheBus = isOnTheBus(stored.get());
    var chains =
        takeable.stream()
            .map(it -> new Announcement(key, it.door(), it.opening(), heardBy(it.opening())))
            .toList();
    // Where nobody knows what was taken, it is what the effects are of.
    var taken =
        chains.stream().min(comparingLong(it -> missing(it).size() + surplus(it))).orElseThrow();
    if (onTheBus) {
      violations.addAll(missing(taken));
    }
    allow(taken);
  }

  /** How many effects there are that this event cannot have had. */
  private long surplus(Announcement chain) {
    var unheard =
        chain.subscribers().contains(IDENTIFICATION) ? 0 : evidence.executions(chain.key()).size();
    return unheard
        + recipients.stream()
            .filter(it -> !it.hearsOf(chain.opening()))
            .mapToLong(it -> evidence.entries(it.name(), chain.key()).size())
            .sum();
  }

  /** Whether it was published, so that subscribers have to have heard of it. */
  private boolean isOnTheBus(OutboxItem stored) {
    if (stored.pending()) {
      report(Kind.LOST_EVENT, "%s is stored and not on the bus".formatted(stored.key()));
    }
    stored
        .parked()
        .ifPresent(code ->
            report(Kind.GIVEN_UP, "%s was refused by the bus: %s".formatted(stored.key(), code)));
    return !stored.pending() && stored.parked().isEmpty();
  }

  private static Set<String> heardBy(Opening opening) {
    return opening.opens() ? ALL : Set.of(NOTIFICATION);
  }

  private void checkAnnouncement(Announcement announcement) {
    violations.addAll(missing(announcement));
    allow(announcement);
  }

  /** What an event should have led to and has not, or not once. */
  private List<Violation> missing(Announcement chain) {
    var missing = new ArrayList<Violation>();
    var key = chain.key();
    var heard = EventName.of(DetailType.DOOR_STATUS, key);
    var last = lastOf(chain);
    chain.subscribers().forEach(it -> delivery(it, heard).ifPresent(missing::add));
    if (chain.subscribers().contains(IDENTIFICATION)) {
      missing.addAll(execution(key));
      if (!last.equals(heard) && !evidence.isDeadLetter(IDENTIFICATION, heard)) {
        delivery(NOTIFICATION, last).ifPresent(missing::add);
      }
    }
    recipients.stream()
        .filter(it -> chain.subscribers().contains(NOTIFICATION) && it.hearsOf(chain.opening()))
        .forEach(it -> missing.addAll(entry(it.name(), chain, heard, last)));
    return missing;
  }

  /** A chain ends with the door's own event where nobody was asked who it was. */
  private static EventName lastOf(Announcement chain) {
    return chain.subscribers().contains(IDENTIFICATION)
        ? chain.opening().last(chain.key())
        : EventName.of(DetailType.DOOR_STATUS, chain.key());
  }

  private Optional<Violation> delivery(String subscriber, EventName event) {
    return evidence.isHandled(subscriber, event) || evidence.isDeadLetter(subscriber, event)
        ? Optional.empty()
        : Optional.of(
            new Violation(
                Kind.LOST_DELIVERY, "%s has not handled %s".formatted(subscriber, event)));
  }

  private List<Violation> execution(IdempotencyKey key) {
    var own = evidence.executions(key);
    var wrong = new ArrayList<Violation>();
    if (own.isEmpty()
        && !evidence.isDeadLetter(IDENTIFICATION, EventName.of(DetailType.DOOR_STATUS, key))) {
      wrong.add(new Violation(Kind.LOST_EFFECT, "%s has no execution".formatted(key)));
    }
    if (own.size() > 1) {
      wrong.add(
          new Violation(Kind.DOUBLED_EFFECT, "%s has %d executions".formatted(key, own.size())));
    }
    own.stream()
        .filter(it -> !it.status().equals("SUCCEEDED"))
        .forEach(it ->
            wrong.add(
                new Violation(
                    Kind.LEFT_OVER, "execution %s is %s".formatted(it.name(), it.status()))));
    return wrong;
  }

  private List<Violation> entry(
      String recipient, Announcement chain, EventName heard, EventName last) {
    var key = chain.key();
    var entries = evidence.entries(recipient, key);
    var wrong = new ArrayList<Violation>();
    if (entries.size() > 1) {
      wrong.add(
          new Violation(
              Kind.DOUBLED_EFFECT,
              "%s has %d entries for %s".formatted(recipient, entries.size(), key)));
    } else if (entries.isEmpty()) {
      if (!evidence.isDeadLetter(NOTIFICATION, heard)
          || !evidence.isDeadLetter(NOTIFICATION, last)) {
        wrong.add(
            new Violation(Kind.LOST_EFFECT, "%s has no entry for %s".formatted(recipient, key)));
      }
    } else {
      var shown = entries.getFirst();
      if (!shown.event().equals(last)
          && !evidence.isDeadLetter(NOTIFICATION, last)
          && !evidence.isDeadLetter(IDENTIFICATION, heard)) {
        wrong.add(
            new Violation(
                Kind.WRONG_ENTRY,
                "%s is told %s, not %s".formatted(recipient, shown.event(), last)));
      }
      if (!shown.door().equals(chain.door())) {
        wrong.add(
            new Violation(
                Kind.WRONG_ENTRY,
                "%s is told of door %s, not %s, about %s"
                    .formatted(recipient, shown.door(), chain.door(), key)));
      }
    }
    return wrong;
  }

  private void allow(Announcement chain) {
    var heard = EventName.of(DetailType.DOOR_STATUS, chain.key());
    chain.subscribers().forEach(it -> allowedDeliveries.add(new Delivery(it, heard)));
    allowedDeliveries.add(new Delivery(NOTIFICATION, lastOf(chain)));
    if (chain.subscribers().contains(IDENTIFICATION)) {
      allowedExecutions.add(chain.key().toString());
    }
    recipients.stream()
        .filter(it -> it.hearsOf(chain.opening()))
        .forEach(it -> allowedEntries.add(new Told(it.name(), chain.key())));
  }

  /** What nobody can handle was put aside by each who was given it, and says why. */
  private void checkPoisoning(Poisoning poisoning) {
    var explaining =
        evidence.deadLettersMarked(poisoning.marker()).stream()
            .filter(it -> it.reason().isPresent())
            .map(DeadLetter::subscriber)
            .collect(toSet());
    poisoning.subscribers().stream()
        .filter(it -> !explaining.contains(it))
        .forEach(it ->
            report(
                Kind.UNEXPLAINED,
                "%s (%s) is in no dead-letter queue of %s"
                    .formatted(poisoning.what(), poisoning.marker(), it)));
  }

  /** Effects ⊆ attempted. */
  private void checkInvented() {
    found.outbox().stream()
        .map(OutboxItem::key)
        .filter(it -> !attempts.containsKey(it))
        .forEach(
            it -> report(Kind.INVENTED_EFFECT, "%s is stored and no door sent it".formatted(it)));
    found.executions().stream()
        .map(it -> Evidence.keyOf(it.name()))
        .filter(it -> !allowedExecutions.contains(it))
        .forEach(
            it -> report(Kind.INVENTED_EFFECT, "%s was started and no door sent it".formatted(it)));
    found.inbox().stream()
        .filter(it -> !allowedEntries.contains(new Told(it.recipient(), it.correlation())))
        .forEach(it ->
            report(
                Kind.INVENTED_EFFECT,
                "%s was told of %s and no door sent it"
                    .formatted(it.recipient(), it.correlation())));
    found.handlings().stream()
        .filter(it -> !allowedDeliveries.contains(new Delivery(it.subscriber(), it.event())))
        .forEach(it ->
            report(
                Kind.INVENTED_EFFECT,
                "%s has handled %s, which nothing led to".formatted(it.subscriber(), it.event())));
    checkDeadLetters();
  }

  /** Only what cannot be handled lies there, and only with those who were given it. */
  private void checkDeadLetters() {
    var expected = new HashSet<String>();
    asked.poisonings().stream()
        .flatMap(poisoning -> poisoning.subscribers().stream().map(it -> poisoning.marker() + it))
        .forEach(expected::add);
    for (var letter : found.deadLetters()) {
      var marked = letter.marker().filter(it -> expected.contains(it + letter.subscriber()));
      if (marked.isEmpty()) {
        report(
            letter.event().isPresent() ? Kind.GIVEN_UP : Kind.INVENTED_EFFECT,
            "%s is among the dead letters of %s: %s"
                .formatted(
                    letter.event().map(EventName::toString).orElse("a message of nobody's"),
                    letter.subscriber(),
                    letter.reason().orElse("without a reason")));
      }
    }
  }

  private void checkInboxes() {
    found.placements().ifPresentOrElse(this::checkWrites, this::checkNumbersAlone);
  }

  /**
   * Where nobody has watched the writes, an inbox's numbers say how many there were: one for an
   * entry that tells of the door's own event, and two at most for one that tells of what followed.
   * So a write too many is noticed, unless as many follow-ups were faster than the door's event.
   */
  private void checkNumbersAlone() {
    var byRecipient = found.inbox().stream().collect(groupingBy(InboxEntry::recipient));
    var told = new TreeSet<>(byRecipient.keySet());
    told.addAll(found.counters().keySet());
    told.forEach(recipient -> {
      var own = byRecipient.getOrDefault(recipient, List.of());
      var last = found.counters().getOrDefault(recipient, 0L);
      var most = own.stream().mapToLong(Checker::writesAtMost).sum();
      if (last > most) {
        report(
            Kind.DOUBLED_EFFECT,
            "%s was told %d times of %d events at most".formatted(recipient, last, most));
      }
      checkHighest(recipient, own.stream().mapToLong(InboxEntry::seq), last);
      checkGivenOnce(recipient, own.stream().map(InboxEntry::seq));
    });
  }

  private static long writesAtMost(InboxEntry entry) {
    return entry.event().detailType().equals(DetailType.DOOR_STATUS.text()) ? 1 : 2;
  }

  /** Each event is placed once at most; numbers grow by one, and the last write stands. */
  private void checkWrites(List<Placement> placements) {
    var writes = distinctBy(placements, Placement::write);
    writes.stream()
        .collect(groupingBy(it -> it.recipient() + " was told of " + it.event(), counting()))
        .forEach((what, times) -> {
          if (times > 1) {
            report(Kind.DOUBLED_EFFECT, "%s %d times".formatted(what, times));
          }
        });
    var byRecipient = writes.stream().collect(groupingBy(Placement::recipient));
    var told = new TreeSet<>(byRecipient.keySet());
    told.addAll(found.counters().keySet());
    told.forEach(recipient -> {
      var own = byRecipient.getOrDefault(recipient, List.of());
      checkCount(recipient, own, found.counters().getOrDefault(recipient, 0L));
      checkNumbers(recipient, own);
    });
  }

  private void checkCount(String recipient, List<Placement> own, long last) {
    if (own.size() != last) {
      report(
          Kind.WRONG_ENTRY, "%s counts %d writes too few".formatted(recipient, own.size() - last));
    }
    checkHighest(recipient, own.stream().mapToLong(Placement::seq), last);
  }

  private void checkHighest(String recipient, LongStream numbers, long last) {
    var highest = numbers.max().orElse(0);
    if (highest != last) {
      report(
          Kind.WRONG_ENTRY,
          "%s counts to %d and has number %d".formatted(recipient, last, highest));
    }
  }

  private void checkGivenOnce(String recipient, Stream<Long> numbers) {
    numbers
        .collect(groupingBy(it -> it, counting()))
        .forEach((seq, times) -> {
          if (times > 1) {
            report(Kind.WRONG_ENTRY, "%s has number %d %d times".formatted(recipient, seq, times));
          }
        });
  }

  private void checkNumbers(String recipient, List<Placement> own) {
    checkGivenOnce(recipient, own.stream().map(Placement::seq));
    var newest = new LinkedHashMap<IdempotencyKey, Placement>();
    own.forEach(it ->
        newest.merge(it.correlation(), it, (one, other) -> other.seq() > one.seq() ? other : one));
    newest.forEach((correlation, placement) -> {
      var shown =
          evidence.entries(recipient, correlation).stream().map(InboxEntry::event).findFirst();
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
        .filter(it -> !it.done() && !evidence.isDeadLetter(it.subscriber(), it.event()))
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

  private static <T, K> List<T> distinctBy(List<T> all, Function<T, K> by) {
    var seen = new LinkedHashMap<K, T>();
    all.forEach(it -> seen.putIfAbsent(by.apply(it), it));
    return List.copyOf(seen.values());
  }
}
