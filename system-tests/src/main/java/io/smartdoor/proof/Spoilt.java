package io.smartdoor.proof;

import io.smartdoor.events.IdempotencyKey;
import io.smartdoor.proof.Findings.DeadLetter;
import io.smartdoor.proof.Findings.Execution;
import io.smartdoor.proof.Findings.Handling;
import io.smartdoor.proof.Findings.InboxEntry;
import io.smartdoor.proof.Findings.OutboxItem;
import io.smartdoor.proof.Violation.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * What the checker says of a run's own findings where one thing in them is spoilt, one after
 * another: something is missing, is there twice, or is left. A verdict that holds whatever is
 * missing is none.
 *
 * @param tried how many ways there were to spoil it
 * @param unnoticed those of which the checker said nothing that it does not say anyway
 */
record Spoilt(int tried, List<String> unnoticed) {

  /** Nobody's key: the first version of UUIDs that no door uses. */
  private static final IdempotencyKey NOBODYS =
      new IdempotencyKey(UUID.fromString("00000000-0000-1000-8000-000000000000"));

  /** One way to spoil findings, and what has to be said of it. */
  private record Way(Kind expected, Findings spoilt) {}

  /**
   * @param found where at least one opening was accepted and has had all its effects
   * @throws IllegalStateException if there is none, so that nothing can be spoilt
   */
  static Spoilt check(Set<Recipient> recipients, Asked asked, Findings found) {
    var said = Set.copyOf(Checker.check(recipients, asked, found));
    var ways = ways(asked, found);
    var unnoticed = new ArrayList<String>();
    ways.forEach((what, way) -> {
      var more = Checker.check(recipients, asked, way.spoilt()).stream();
      if (more.noneMatch(it -> it.kind() == way.expected() && !said.contains(it))) {
        unnoticed.add(what);
      }
    });
    return new Spoilt(ways.size(), List.copyOf(unnoticed));
  }

  private static Map<String, Way> ways(Asked asked, Findings found) {
    var key =
        asked.webhooks().stream()
            .filter(Webhook::accepted)
            .filter(it -> it.opening().opens())
            .map(Webhook::key)
            .filter(it -> hasHadItsEffects(it, found))
            .findFirst()
            .orElseThrow(() ->
                new IllegalStateException(
                    "expected an opening that was accepted and has had its effects, found none"));
    var edit = new Edit(found);
    var entry = entries(found, key).findFirst().orElseThrow();
    var handling = handlings(found, key).findFirst().orElseThrow();
    var execution = new Execution(key.toString(), "SUCCEEDED");
    var ways = new LinkedHashMap<String, Way>();
    ways.put(
        "an accepted event is not stored",
        new Way(Kind.LOST_EVENT, edit.outbox(it -> it.filter(one -> !one.key().equals(key)))));
    ways.put(
        "an accepted event is not on the bus",
        new Way(
            Kind.LOST_EVENT,
            edit.outbox(it ->
                it.map(one ->
                    one.key().equals(key) ? new OutboxItem(key, true, Optional.empty()) : one))));
    ways.put(
        "a subscriber has not handled an event",
        new Way(Kind.LOST_DELIVERY, edit.handlings(it -> it.filter(one -> !one.equals(handling)))));
    ways.put(
        "an inbox entry is missing",
        new Way(Kind.LOST_EFFECT, edit.inbox(it -> it.filter(one -> !one.equals(entry)))));
    ways.put(
        "an inbox entry is there twice",
        new Way(Kind.DOUBLED_EFFECT, edit.inbox(it -> Stream.concat(it, Stream.of(entry)))));
    ways.put(
        "an execution is missing",
        new Way(
            Kind.LOST_EFFECT,
            edit.executions(it -> it.filter(one -> !one.name().equals(execution.name())))));
    ways.put(
        "an execution is there twice",
        new Way(
            Kind.DOUBLED_EFFECT,
            edit.executions(
                it -> Stream.concat(it, Stream.of(new Execution(key + ".2", "SUCCEEDED"))))));
    ways.put(
        "an execution is nobody's",
        new Way(
            Kind.INVENTED_EFFECT,
            edit.executions(it ->
                Stream.concat(it, Stream.of(new Execution(NOBODYS.toString(), "SUCCEEDED"))))));
    ways.put(
        "a message is left on a queue",
        new Way(Kind.LEFT_OVER, edit.waiting(Map.of(handling.subscriber(), 1))));
    ways.put(
        "an event is among the dead letters",
        new Way(
            Kind.GIVEN_UP,
            edit.deadLetters(it ->
                Stream.concat(
                    it,
                    Stream.of(
                        new DeadLetter(
                            handling.subscriber(),
                            handling.subscriber(),
                            Optional.of(handling.event()),
                            Optional.of("attempts-exhausted"),
                            Optional.empty()))))));
    return ways;
  }

  private static boolean hasHadItsEffects(IdempotencyKey key, Findings found) {
    return entries(found, key).findFirst().isPresent()
        && handlings(found, key).findFirst().isPresent()
        && found.executions().stream().anyMatch(it -> it.name().equals(key.toString()));
  }

  private static Stream<InboxEntry> entries(Findings found, IdempotencyKey key) {
    return found.inbox().stream().filter(it -> it.correlation().equals(key));
  }

  private static Stream<Handling> handlings(Findings found, IdempotencyKey key) {
    return found.handlings().stream().filter(it -> it.event().key().equals(key));
  }

  /** The same findings with one part of them changed. */
  private record Edit(Findings of) {

    Findings outbox(Function<Stream<OutboxItem>, Stream<OutboxItem>> change) {
      var changed = change.apply(of.outbox().stream()).toList();
      return with(changed, of.handlings(), of.executions(), of.inbox());
    }

    Findings handlings(Function<Stream<Handling>, Stream<Handling>> change) {
      var changed = change.apply(of.handlings().stream()).toList();
      return with(of.outbox(), changed, of.executions(), of.inbox());
    }

    Findings executions(Function<Stream<Execution>, Stream<Execution>> change) {
      var changed = change.apply(of.executions().stream()).toList();
      return with(of.outbox(), of.handlings(), changed, of.inbox());
    }

    Findings inbox(Function<Stream<InboxEntry>, Stream<InboxEntry>> change) {
      var changed = change.apply(of.inbox().stream()).toList();
      return with(of.outbox(), of.handlings(), of.executions(), changed);
    }

    private Findings with(
        List<OutboxItem> outbox,
        List<Handling> handlings,
        List<Execution> executions,
        List<InboxEntry> inbox) {
      return new Findings(
          outbox,
          handlings,
          executions,
          of.placements(),
          inbox,
          of.counters(),
          of.waiting(),
          of.deadLetters());
    }

    Findings waiting(Map<String, Integer> waiting) {
      return new Findings(
          of.outbox(),
          of.handlings(),
          of.executions(),
          of.placements(),
          of.inbox(),
          of.counters(),
          waiting,
          of.deadLetters());
    }

    Findings deadLetters(Function<Stream<DeadLetter>, Stream<DeadLetter>> change) {
      return new Findings(
          of.outbox(),
          of.handlings(),
          of.executions(),
          of.placements(),
          of.inbox(),
          of.counters(),
          of.waiting(),
          change.apply(of.deadLetters().stream()).toList());
    }
  }
}
