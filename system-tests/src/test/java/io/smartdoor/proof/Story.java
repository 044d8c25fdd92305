package io.smartdoor.proof;

import static io.smartdoor.events.DetailType.DOOR_STATUS;
import static io.smartdoor.events.DetailType.PERSON_IDENTIFIED;
import static io.smartdoor.proof.Checker.IDENTIFICATION;
import static io.smartdoor.proof.Checker.NOTIFICATION;

import io.smartdoor.events.IdempotencyKey;
import io.smartdoor.proof.Asked.Announcement;
import io.smartdoor.proof.Asked.Poisoning;
import io.smartdoor.proof.Findings.DeadLetter;
import io.smartdoor.proof.Findings.EventName;
import io.smartdoor.proof.Findings.Execution;
import io.smartdoor.proof.Findings.Handling;
import io.smartdoor.proof.Findings.InboxEntry;
import io.smartdoor.proof.Findings.OutboxItem;
import io.smartdoor.proof.Findings.Placement;
import io.smartdoor.proof.Violation.Kind;
import io.smartdoor.proof.Webhook.Answer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A made-up run: what doors asked, and what is in AWS in the end. Each test spoils one thing. */
final class Story {

  static final String PHONE = "me";
  static final String DOOR = "front-door";

  private final Recipient me = new Recipient(PHONE, false);

  /** Whether somebody has watched the writes to inboxes. */
  boolean watched = true;

  final List<Webhook> webhooks = new ArrayList<>();
  final List<OutboxItem> outbox = new ArrayList<>();
  final List<Handling> handlings = new ArrayList<>();
  final List<Execution> executions = new ArrayList<>();
  final List<Placement> placements = new ArrayList<>();
  final List<InboxEntry> inbox = new ArrayList<>();
  final Map<String, Long> counters = new LinkedHashMap<>();
  final Map<String, Integer> waiting = new LinkedHashMap<>();
  final List<DeadLetter> deadLetters = new ArrayList<>();
  final List<Announcement> announcements = new ArrayList<>();
  final List<Poisoning> poisonings = new ArrayList<>();

  static EventName opened(IdempotencyKey key) {
    return EventName.of(DOOR_STATUS, key);
  }

  static EventName identified(IdempotencyKey key) {
    return EventName.of(PERSON_IDENTIFIED, key.followUp(PERSON_IDENTIFIED));
  }

  /** A door was opened by a resident, was answered 202, and everything went as it should. */
  Story withResident(IdempotencyKey key) {
    asked(key, Opening.BY_A_RESIDENT, 202);
    happened(key);
    handled(NOTIFICATION, identified(key));
    placed(key, opened(key));
    placed(key, identified(key));
    return this;
  }

  /** The same of one whom nobody knows. */
  Story withStranger(IdempotencyKey key) {
    asked(key, Opening.BY_HAND, 202);
    happened(key);
    placed(key, opened(key));
    return this;
  }

  Story asked(IdempotencyKey key, Opening opening, int status) {
    return asked(key, DOOR, opening, status);
  }

  Story asked(IdempotencyKey key, String door, Opening opening, int status) {
    var answer = new Answer(status, status == 202 ? "accepted " + key : "not accepted");
    webhooks.add(new Webhook(key, door, opening, Optional.of(answer)));
    return this;
  }

  Story askedInVain(IdempotencyKey key, Opening opening) {
    webhooks.add(new Webhook(key, DOOR, opening, Optional.empty()));
    return this;
  }

  /** All that becomes of a door's own event where it is stored and opened. */
  void happened(IdempotencyKey key) {
    outbox.add(new OutboxItem(key, false, Optional.empty()));
    handled(NOTIFICATION, opened(key));
    handled(IDENTIFICATION, opened(key));
    executions.add(new Execution(key.toString(), "SUCCEEDED"));
  }

  void handled(String subscriber, EventName event) {
    handlings.add(new Handling(subscriber, event, true, Optional.empty()));
  }

  /** Writes to the inbox as notification does: the next number, and what stood there is gone. */
  void placed(IdempotencyKey correlation, EventName event) {
    var seq = counters.merge(PHONE, 1L, Long::sum);
    placements.add(new Placement("write " + seq, PHONE, correlation, event, seq));
    inbox.removeIf(it -> it.correlation().equals(correlation));
    inbox.add(new InboxEntry(PHONE, correlation, event, DOOR, seq));
  }

  void deadLetter(String subscriber, EventName event, Optional<String> reason) {
    deadLetters.add(
        new DeadLetter(
            subscriber + "-dlq", subscriber, Optional.of(event), reason, Optional.empty()));
  }

  /** Somebody put a message on notification's queue that nobody can handle. */
  void poisoned(String marker) {
    poisonings.add(new Poisoning(marker, "not JSON", Set.of(NOTIFICATION)));
  }

  void deadLetterOfPoison(String subscriber, String marker, Optional<String> reason) {
    deadLetters.add(
        new DeadLetter(
            subscriber + "-dlq", subscriber, Optional.empty(), reason, Optional.of(marker)));
  }

  List<Violation> violations() {
    return Checker.check(Set.of(me), asked(), findings());
  }

  Spoilt spoilt() {
    return Spoilt.check(Set.of(me), asked(), findings());
  }

  private Asked asked() {
    return new Asked(webhooks, announcements, poisonings);
  }

  private Findings findings() {
    return new Findings(
        outbox,
        handlings,
        executions,
        watched ? Optional.of(placements) : Optional.empty(),
        inbox,
        counters,
        waiting,
        deadLetters);
  }

  List<Kind> kinds() {
    return violations().stream().map(Violation::kind).distinct().toList();
  }
}
