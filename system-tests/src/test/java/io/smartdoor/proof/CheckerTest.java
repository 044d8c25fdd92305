package io.smartdoor.proof;

import static io.smartdoor.proof.Checker.IDENTIFICATION;
import static io.smartdoor.proof.Checker.NOTIFICATION;
import static io.smartdoor.proof.Story.PHONE;
import static io.smartdoor.proof.Story.identified;
import static io.smartdoor.proof.Story.opened;
import static org.assertj.core.api.Assertions.assertThat;

import io.smartdoor.events.IdempotencyKey;
import io.smartdoor.proof.Asked.Announcement;
import io.smartdoor.proof.Findings.Execution;
import io.smartdoor.proof.Findings.Handling;
import io.smartdoor.proof.Findings.InboxEntry;
import io.smartdoor.proof.Findings.OutboxItem;
import io.smartdoor.proof.Findings.Placement;
import io.smartdoor.proof.Violation.Kind;
import io.smartdoor.proof.Webhook.Answer;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Each promise is broken once, on paper. */
class CheckerTest {

  private static final IdempotencyKey KEY =
      IdempotencyKey.of("6a5c14d7-f1ed-4e5e-9c76-44a3f718ed96");
  private static final IdempotencyKey OTHER =
      IdempotencyKey.of("0d8f2a1e-3c44-4b5e-8d2c-0a1b2c3d4e5f");

  private static final IdempotencyKey UNKNOWN =
      IdempotencyKey.of("b1c2d3e4-0000-4000-8000-000000000001");

  private final Story story = new Story().withResident(KEY).withStranger(OTHER);

  @Nested
  class FindsNothing {

    @Test
    void whereEverythingWentAsItShould() {
      assertThat(story.violations()).isEmpty();
    }

    @Test
    void whereARequestWithoutAnAnswerHadNoEffect() {
      story.askedInVain(UNKNOWN, Opening.BY_A_RESIDENT);

      assertThat(story.violations()).isEmpty();
    }

    @Test
    void whereARequestWithoutAnAnswerHadItsWholeEffect() {
      var unanswered = new Story().withResident(KEY);
      unanswered.webhooks.clear();
      unanswered.askedInVain(KEY, Opening.BY_A_RESIDENT);

      assertThat(unanswered.violations()).isEmpty();
    }

    @Test
    void whereADoorAskedAgainAndGotTheSameAnswer() {
      story.asked(KEY, Opening.BY_A_RESIDENT, 202);

      assertThat(story.violations()).isEmpty();
    }

    @Test
    void whereThePersonWasKnownBeforeTheOpening() {
      var late = new Story().withResident(KEY);
      late.placements.clear();
      late.counters.clear();
      late.placed(KEY, identified(KEY));

      assertThat(late.violations()).isEmpty();
    }

    @Test
    void whereAWriteWasRepeatedBecauseItsAnswerWasLost() {
      story.placements.add(story.placements.getFirst());

      assertThat(story.violations()).isEmpty();
    }

    @Test
    void whereADoorShutAndNobodyWantedToHear() {
      var shut = new Story().asked(KEY, Opening.CLOSING, 202);
      shut.outbox.add(new OutboxItem(KEY, false, Optional.empty()));
      shut.handled(NOTIFICATION, opened(KEY));

      assertThat(shut.violations()).isEmpty();
    }

    @Test
    void whereAnotherBodyUnderTheKeyWasRefused() {
      story.asked(KEY, Opening.CLOSING, 422);
      story.asked(OTHER, "back-door", Opening.BY_HAND, 422);

      assertThat(story.violations()).isEmpty();
    }

    @Test
    void whereOfTwoBodiesWithoutAnAnswerOneWasTaken() {
      var one = new Story();
      one.askedInVain(KEY, Opening.CLOSING);
      one.askedInVain(KEY, Opening.BY_HAND);
      one.happened(KEY);
      one.placed(KEY, opened(KEY));

      assertThat(one.violations()).isEmpty();
    }

    @Test
    void whereTheServerHadTroubleBeforeItAccepted() {
      story.asked(KEY, Opening.BY_A_RESIDENT, 503);
      story.asked(UNKNOWN, Opening.BY_HAND, 429);

      assertThat(story.violations()).isEmpty();
    }

    @Test
    void whereAnEventCameThatNoDoorSent() {
      story.announcements.add(
          new Announcement(UNKNOWN, Story.DOOR, Opening.BY_A_RESIDENT, Set.of(NOTIFICATION)));
      story.handled(NOTIFICATION, opened(UNKNOWN));
      story.placed(UNKNOWN, opened(UNKNOWN));

      assertThat(story.violations()).isEmpty();
    }

    @Test
    void wherePoisonLiesAsideMaybeTwice() {
      story.poisoned("poison-1");
      story.deadLetterOfPoison(NOTIFICATION, "poison-1", Optional.of("undecodable"));
      story.deadLetterOfPoison(NOTIFICATION, "poison-1", Optional.of("undecodable"));

      assertThat(story.violations()).isEmpty();
    }
  }

  @Nested
  class FindsWhatWasGivenUp {

    @Test
    void whereAnEventIsADeadLetterThoughItCouldBeHandled() {
      story.handlings.removeIf(it -> it.event().equals(identified(KEY)));
      story.deadLetter(NOTIFICATION, identified(KEY), Optional.of("attempts-exhausted"));
      story.placements.remove(1);
      story.inbox.clear();
      story.counters.clear();
      story.placements.clear();
      story.placed(KEY, opened(KEY));
      story.placed(OTHER, opened(OTHER));

      assertThat(story.violations())
          .containsExactly(
              new Violation(
                  Kind.GIVEN_UP,
                  "%s is among the dead letters of notification: attempts-exhausted"
                      .formatted(identified(KEY))));
    }

    @Test
    void whereADeadLetterIsNobodys() {
      story.deadLetterOfPoison(NOTIFICATION, "poison-1", Optional.of("undecodable"));

      assertThat(story.kinds()).containsExactly(Kind.INVENTED_EFFECT);
    }
  }

  @Nested
  class FindsPoisonThatIsNotExplained {

    @Test
    void whereItIsGone() {
      story.poisoned("poison-1");

      assertThat(story.violations())
          .containsExactly(
              new Violation(
                  Kind.UNEXPLAINED,
                  "not JSON (poison-1) is in no dead-letter queue of notification"));
    }

    @Test
    void whereItLiesAsideWithoutAReason() {
      story.poisoned("poison-1");
      story.deadLetterOfPoison(NOTIFICATION, "poison-1", Optional.empty());

      assertThat(story.kinds()).containsExactly(Kind.UNEXPLAINED, Kind.LEFT_OVER);
    }

    @Test
    void whereAnotherSubscriberHasPutItAside() {
      story.poisoned("poison-1");
      story.deadLetterOfPoison(IDENTIFICATION, "poison-1", Optional.of("undecodable"));

      assertThat(story.kinds()).containsExactly(Kind.UNEXPLAINED, Kind.INVENTED_EFFECT);
    }
  }

  @Nested
  class FindsTwoUnderOneKey {

    @Test
    void whereBothBodiesWereAccepted() {
      story.asked(OTHER, Opening.CLOSING, 202);

      assertThat(story.kinds()).contains(Kind.TAKEN_TWICE);
    }

    @Test
    void whereTheEffectIsThatOfTheBodyThatWasRefused() {
      var wrong = new Story();
      wrong.asked(KEY, Opening.CLOSING, 202);
      wrong.asked(KEY, Opening.BY_HAND, 422);
      wrong.happened(KEY);
      wrong.placed(KEY, opened(KEY));

      assertThat(wrong.kinds()).containsExactly(Kind.INVENTED_EFFECT);
    }

    @Test
    void whereBothBodiesWereRefused() {
      var refused = new Story();
      refused.asked(KEY, Opening.CLOSING, 422);
      refused.asked(KEY, Opening.BY_HAND, 422);

      assertThat(refused.kinds()).containsExactly(Kind.REFUSED);
    }

    @Test
    void whereTheBodyThatWasTakenWasRefusedAfterwards() {
      story.asked(OTHER, Opening.BY_HAND, 422);

      assertThat(story.kinds()).containsExactly(Kind.REFUSED);
    }

    @Test
    void whereTheEntryTellsOfAnotherDoor() {
      var elsewhere = new Story();
      elsewhere.asked(OTHER, "back-door", Opening.BY_HAND, 202);
      elsewhere.happened(OTHER);
      elsewhere.placed(OTHER, opened(OTHER));

      assertThat(elsewhere.kinds()).containsExactly(Kind.WRONG_ENTRY);
    }
  }

  @Nested
  class FindsAnEffectOfARefusal {

    @Test
    void whereItIsStored() {
      var refused = new Story().asked(KEY, Opening.BY_HAND, 429);
      refused.outbox.add(new OutboxItem(KEY, false, Optional.empty()));

      assertThat(refused.kinds()).containsExactly(Kind.INVENTED_EFFECT);
    }

    @Test
    void whereADoorShutAndSomebodyWasIdentified() {
      var shut = new Story().asked(KEY, Opening.CLOSING, 202);
      shut.happened(KEY);

      assertThat(shut.kinds()).containsExactly(Kind.INVENTED_EFFECT);
    }

    @Test
    void whereADoorShutAndSomebodyHeardWhoDidNotWantTo() {
      var shut = new Story().asked(KEY, Opening.CLOSING, 202);
      shut.outbox.add(new OutboxItem(KEY, false, Optional.empty()));
      shut.handled(NOTIFICATION, opened(KEY));
      shut.placed(KEY, opened(KEY));

      assertThat(shut.kinds()).containsExactly(Kind.INVENTED_EFFECT);
    }
  }

  @Nested
  class FindsALoss {

    @Test
    void whereTheBusRefusedAnEventForGood() {
      var parked = new Story().asked(KEY, Opening.BY_HAND, 202);
      parked.outbox.add(new OutboxItem(KEY, false, Optional.of("InvalidArgument")));

      assertThat(parked.kinds()).containsExactly(Kind.GIVEN_UP);
    }

    @Test
    void whereAnAcceptedEventIsNotStored() {
      assertThat(new Story().asked(KEY, Opening.BY_HAND, 202).kinds())
          .containsExactly(Kind.LOST_EVENT);
    }

    @Test
    void whereAStoredEventIsNotPublished() {
      var pending = new Story().asked(KEY, Opening.BY_HAND, 202);
      pending.outbox.add(new OutboxItem(KEY, true, Optional.empty()));

      assertThat(pending.kinds()).containsExactly(Kind.LOST_EVENT);
    }

    @Test
    void whereAStoredEventThatNobodyWasAnsweredForIsNotPublished() {
      var pending = new Story().askedInVain(KEY, Opening.BY_HAND);
      pending.outbox.add(new OutboxItem(KEY, true, Optional.empty()));

      assertThat(pending.kinds()).containsExactly(Kind.LOST_EVENT);
    }

    @Test
    void whereASubscriberHasNotHandledAnEvent() {
      story.handlings.removeIf(
          it -> it.subscriber().equals(IDENTIFICATION) && it.event().equals(opened(KEY)));

      assertThat(story.violations())
          .containsExactly(
              new Violation(
                  Kind.LOST_DELIVERY, "identification has not handled Door Status " + KEY));
    }

    @Test
    void whereAFollowUpWasNotHandled() {
      story.handlings.removeIf(it -> it.event().equals(identified(KEY)));

      assertThat(story.kinds()).containsExactly(Kind.LOST_DELIVERY);
    }

    @Test
    void whereThereIsNoEntry() {
      story.inbox.removeIf(it -> it.correlation().equals(OTHER));

      assertThat(story.kinds()).containsExactly(Kind.LOST_EFFECT, Kind.WRONG_ENTRY);
    }

    @Test
    void whereThereIsNoExecution() {
      story.executions.removeFirst();

      assertThat(story.kinds()).containsExactly(Kind.LOST_EFFECT);
    }

    @Test
    void whereADeadLetterHasNoReason() {
      story.handlings.removeIf(it -> it.event().equals(identified(KEY)));
      story.deadLetter(NOTIFICATION, identified(KEY), Optional.empty());

      assertThat(story.kinds()).containsExactly(Kind.LOST_DELIVERY, Kind.GIVEN_UP, Kind.LEFT_OVER);
    }

    @Test
    void whereTheDeadLetterIsAnotherSubscribers() {
      story.handlings.removeIf(it -> it.event().equals(identified(KEY)));
      story.deadLetter(IDENTIFICATION, identified(KEY), Optional.of("attempts-exhausted"));

      assertThat(story.kinds()).containsExactly(Kind.LOST_DELIVERY, Kind.GIVEN_UP);
    }
  }

  @Nested
  class FindsADouble {

    @Test
    void whereAnEventWasPlacedTwice() {
      story.placed(KEY, identified(KEY));

      assertThat(story.kinds()).containsExactly(Kind.DOUBLED_EFFECT);
    }

    @Test
    void whereARecipientHasTwoEntries() {
      story.inbox.add(new InboxEntry(PHONE, OTHER, opened(OTHER), Story.DOOR, 9));

      assertThat(story.kinds()).containsExactly(Kind.DOUBLED_EFFECT);
    }

    @Test
    void whereAKeyHasTwoExecutions() {
      story.executions.add(new Execution(KEY + ".2", "SUCCEEDED"));

      assertThat(story.kinds()).containsExactly(Kind.DOUBLED_EFFECT);
    }

    @Test
    void whereTheSameRequestWasAcceptedAnew() {
      story.webhooks.add(
          new Webhook(
              KEY,
              Story.DOOR,
              Opening.BY_A_RESIDENT,
              Optional.of(new Answer(202, "accepted later"))));

      assertThat(story.kinds()).containsExactly(Kind.CHANGED_ANSWER);
    }
  }

  @Nested
  class FindsAWrongEntry {

    @Test
    void whereItTellsLessThanIsKnown() {
      var regressed = new Story().withResident(KEY);
      regressed.placements.clear();
      regressed.counters.clear();
      regressed.placed(KEY, identified(KEY));
      regressed.placed(KEY, opened(KEY));

      assertThat(regressed.kinds()).containsExactly(Kind.WRONG_ENTRY);
    }

    @Test
    void whereNothingWasCounted() {
      story.counters.clear();

      assertThat(story.kinds()).contains(Kind.WRONG_ENTRY);
    }

    @Test
    void whereANumberIsLeftOut() {
      var last = story.placements.removeLast();
      story.placements.add(
          new Placement(
              last.write(), last.recipient(), last.correlation(), last.event(), last.seq() + 1));

      assertThat(story.kinds()).containsExactly(Kind.WRONG_ENTRY);
    }

    @Test
    void whereTwoHaveTheSameNumber() {
      var first = story.placements.getFirst();
      story.placements.set(1, new Placement("another", PHONE, KEY, identified(KEY), first.seq()));

      assertThat(story.kinds()).contains(Kind.WRONG_ENTRY);
    }

    @Test
    void whereTheCounterHasMissedAWrite() {
      story.counters.put(PHONE, 2L);

      assertThat(story.kinds()).containsExactly(Kind.WRONG_ENTRY);
    }
  }

  @Nested
  class FindsWhatNobodyAskedFor {

    @Test
    void inTheOutbox() {
      story.outbox.add(new OutboxItem(UNKNOWN, false, Optional.empty()));

      assertThat(story.kinds()).containsExactly(Kind.INVENTED_EFFECT);
    }

    @Test
    void amongExecutions() {
      story.executions.add(new Execution(UNKNOWN.toString(), "SUCCEEDED"));

      assertThat(story.kinds()).containsExactly(Kind.INVENTED_EFFECT);
    }

    @Test
    void inAnInbox() {
      story.placed(UNKNOWN, opened(UNKNOWN));

      assertThat(story.kinds()).containsExactly(Kind.INVENTED_EFFECT);
    }

    @Test
    void amongWhatWasHandled() {
      story.handled(NOTIFICATION, identified(OTHER));

      assertThat(story.kinds()).containsExactly(Kind.INVENTED_EFFECT);
    }
  }

  @Nested
  class FindsWhatIsLeftOver {

    @Test
    void onAQueue() {
      story.waiting.put(NOTIFICATION, 1);

      assertThat(story.kinds()).containsExactly(Kind.LEFT_OVER);
    }

    @Test
    void ofAnExecutionThatDoesNotEnd() {
      story.executions.set(0, new Execution(KEY.toString(), "RUNNING"));

      assertThat(story.kinds()).containsExactly(Kind.LEFT_OVER);
    }

    @Test
    void ofAHandlingThatNobodyEnds() {
      story.handlings.set(
          0, new Handling(NOTIFICATION, opened(KEY), false, Optional.of(Instant.EPOCH)));

      assertThat(story.kinds()).containsExactly(Kind.LOST_DELIVERY, Kind.LEFT_OVER);
    }
  }

  @Test
  void findsARefusalOfWhatIsRight() {
    story.asked(KEY, Opening.BY_A_RESIDENT, 400);

    assertThat(story.kinds()).containsExactly(Kind.REFUSED);
  }

  /** As in containers, which make their calls past any proxy. */
  @Nested
  class WhereNobodyWatchedTheWrites {

    {
      story.watched = false;
      story.placements.clear();
    }

    @Test
    void findsNothingWhereEverythingWentAsItShould() {
      assertThat(story.violations()).isEmpty();
    }

    @Test
    void findsNothingWhereThePersonWasKnownBeforeTheOpening() {
      var late = new Story();
      late.watched = false;
      late.asked(KEY, Opening.BY_A_RESIDENT, 202);
      late.happened(KEY);
      late.handled(NOTIFICATION, identified(KEY));
      late.placed(KEY, identified(KEY));

      assertThat(late.violations()).isEmpty();
    }

    @Test
    void findsAnEventThatWasPutIntoAnInboxTwice() {
      story.placed(OTHER, opened(OTHER));

      assertThat(story.kinds()).containsExactly(Kind.DOUBLED_EFFECT);
    }

    @Test
    void findsANumberThatWasGivenTwice() {
      var entry = story.inbox.getFirst();
      story.inbox.set(
          0,
          new InboxEntry(
              entry.recipient(),
              entry.correlation(),
              entry.event(),
              entry.door(),
              story.inbox.getLast().seq()));

      assertThat(story.kinds()).containsExactly(Kind.WRONG_ENTRY);
    }

    @Test
    void findsANumberWithoutAnEntry() {
      story.counters.merge(PHONE, 1L, Long::sum);

      assertThat(story.kinds()).contains(Kind.WRONG_ENTRY);
    }

    @Test
    void findsAnInboxThatIsEmptyAndHasCounted() {
      story.inbox.clear();

      assertThat(story.kinds()).contains(Kind.LOST_EFFECT, Kind.DOUBLED_EFFECT);
    }
  }
}
