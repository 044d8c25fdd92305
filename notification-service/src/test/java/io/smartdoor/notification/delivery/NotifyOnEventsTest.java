package io.smartdoor.notification.delivery;

import static io.smartdoor.notification.Events.ANNA;
import static io.smartdoor.notification.Events.frontDoorIs;
import static io.smartdoor.notification.Events.identified;
import static io.smartdoor.notification.Events.received;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.smartdoor.events.DoorState;
import io.smartdoor.events.SmartDoorEvent;
import io.smartdoor.messaging.consuming.HandlingOutcome;
import io.smartdoor.notification.delivery.DeliveryOutcome.Delivered;
import io.smartdoor.notification.delivery.DeliveryOutcome.RecipientGone;
import io.smartdoor.notification.delivery.DeliveryOutcome.Superseded;
import io.smartdoor.notification.delivery.DeliveryOutcome.TryAgain;
import io.smartdoor.notification.people.DisplayName;
import io.smartdoor.notification.people.InMemoryPeople;
import io.smartdoor.notification.recipient.InMemoryRecipients;
import io.smartdoor.notification.recipient.Recipient;
import io.smartdoor.notification.recipient.RecipientId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.slf4j.MDC;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
class NotifyOnEventsTest {

  private final InMemoryRecipients recipients = new InMemoryRecipients();
  private final InMemoryPeople people = new InMemoryPeople();
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final RecordingChannel first = new RecordingChannel("first");
  private final RecordingChannel second = new RecordingChannel("second");
  private final NotifyOnEvents handler =
      new NotifyOnEvents(
          recipients,
          List.of(first, second),
          new Wording(people),
          UncheckedIOException.class::isInstance,
          meters);

  @BeforeEach
  void threeRecipients() {
    List.of("anna", "ben", "cleo").forEach(this::register);
  }

  @Test
  void everyRecipientHearsOverEveryChannel() {
    people.put(ANNA, new DisplayName("Anna"));
    var event = identified(frontDoorIs(DoorState.OPEN), ANNA);

    assertThat(handle(event)).isEqualTo(HandlingOutcome.done());

    assertThat(first.told).containsOnlyKeys("anna", "ben", "cleo");
    assertThat(second.told).isEqualTo(first.told);
    assertThat(first.told.get("ben"))
        .containsExactly(new Notification(Level.NOTICE, "Anna came in", "Front door opened"));
    assertThat(first.occasions).containsOnly(Occasion.of(received(event)));
    assertThat(count("first", "delivered")).isEqualTo(3);
  }

  @Test
  void aClosedDoorIsToldToThoseWhoAskedForIt() {
    recipients.put(new Recipient(new RecipientId("dora"), true));

    assertThat(handle(frontDoorIs(DoorState.CLOSED))).isEqualTo(HandlingOutcome.done());

    assertThat(first.told).containsOnlyKeys("dora");
  }

  @Test
  void nobodyIsLeftOutHoweverManyThereAre() {
    IntStream.range(0, 250).forEach(number -> register("r" + number));

    handle(frontDoorIs(DoorState.OPEN));

    assertThat(first.told).hasSize(253);
  }

  @Test
  void whoeverCannotBeReachedNowKeepsNobodyElseWaitingAndTheEventIsRetriedAfterTheLongestDelay() {
    first.answer("anna", () -> new TryAgain(Duration.ofSeconds(2)));
    first.answer("ben", () -> new TryAgain(Duration.ofSeconds(7)));
    second.answer("cleo", () -> new TryAgain(Duration.ofSeconds(3)));

    assertThat(handle(frontDoorIs(DoorState.OPEN)))
        .isEqualTo(HandlingOutcome.retryLater(Duration.ofSeconds(7)));

    assertThat(first.told).containsOnlyKeys("anna", "ben", "cleo");
    assertThat(second.told).containsOnlyKeys("anna", "ben", "cleo");
    assertThat(count("first", "try-again")).isEqualTo(2);
  }

  @Test
  void whatIsBrokenForOneRecipientKeepsNobodyElseWaitingAndCostsTheEventAnAttempt() {
    first.answer(
        "anna",
        () -> {
          throw new IllegalStateException("expected an inbox, found none");
        });
    first.answer("ben", () -> new TryAgain(Duration.ofSeconds(1)));

    assertThatIllegalStateException()
        .isThrownBy(() -> handle(frontDoorIs(DoorState.OPEN)))
        .withMessage("expected an inbox, found none");

    assertThat(first.told).containsOnlyKeys("ben", "cleo");
    assertThat(second.told).containsOnlyKeys("anna", "ben", "cleo");
    assertThat(count("first", "broken")).isEqualTo(1);
  }

  @Test
  void anOutageEndsTheRoundAtOnce() {
    IntStream.range(0, 250).forEach(number -> register("r" + number));
    var outage = new UncheckedIOException("out of reach", new IOException());
    first.answerEverybody(() -> {
      throw outage;
    });

    assertThatThrownBy(() -> handle(frontDoorIs(DoorState.OPEN))).isSameAs(outage);

    assertThat(count("first", "outage")).isBetween(1.0, (double) NotifyOnEvents.AT_ONCE);
    assertThat(second.told).isEmpty();
  }

  /** Whatever else is broken costs its attempt when the outage is over. */
  @Test
  void anOutageCountsForMoreThanWhatIsBroken() {
    first.answer(
        "anna",
        () -> {
          throw new IllegalStateException("expected an inbox, found none");
        });
    second.answerEverybody(() -> {
      throw new UncheckedIOException("out of reach", new IOException());
    });

    assertThatThrownBy(() -> handle(frontDoorIs(DoorState.OPEN)))
        .isInstanceOf(UncheckedIOException.class);
  }

  @Test
  void tellsSeveralAtATimeAndNoMoreThanThat() {
    IntStream.range(0, 97).forEach(number -> register("r" + number));
    var together = new CountDownLatch(NotifyOnEvents.AT_ONCE);
    var now = new AtomicInteger();
    var most = new AtomicInteger();
    first.answerEverybody(() -> {
      most.accumulateAndGet(now.incrementAndGet(), Math::max);
      together.countDown();
      waitFor(together);
      now.decrementAndGet();
      return new Delivered();
    });

    assertThat(handle(frontDoorIs(DoorState.OPEN))).isEqualTo(HandlingOutcome.done());

    assertThat(most).hasValue(NotifyOnEvents.AT_ONCE);
    assertThat(first.told).hasSize(100);
  }

  @Test
  void anEventIsNotDoneThatIsToBeRetriedAtOnce() {
    first.answer("anna", () -> new TryAgain(Duration.ZERO));

    assertThat(handle(frontDoorIs(DoorState.OPEN)))
        .isEqualTo(HandlingOutcome.retryLater(Duration.ZERO));
  }

  @Test
  void nobodyTriesAgainInThePast() {
    assertThatThrownBy(() -> new TryAgain(Duration.ofMillis(-1)))
        .hasMessage("expected a delay of 0 or more, found PT-0.001S");
  }

  @Test
  void whatIsLoggedOnAnotherThreadIsLoggedOfTheEventToo() {
    var contexts = new ConcurrentLinkedQueue<String>();
    first.answerEverybody(() -> {
      contexts.add(String.valueOf(MDC.get("idempotency-key")));
      return new Delivered();
    });

    try (var _ = MDC.putCloseable("idempotency-key", "the event's")) {
      handle(frontDoorIs(DoorState.OPEN));
    }

    assertThat(contexts).hasSize(3).containsOnly("the event's");
  }

  /** An error keeps the event from being done, wherever it strikes. */
  @Test
  void nothingIsDoneThatAnErrorInterrupts() {
    first.answer(
        "anna",
        () -> {
          throw new StackOverflowError();
        });

    assertThatThrownBy(() -> handle(frontDoorIs(DoorState.OPEN)))
        .hasRootCauseInstanceOf(StackOverflowError.class);
  }

  @Test
  void anInterruptEndsWhatIsUnderWay() throws Exception {
    var hanging = new CountDownLatch(3);
    var never = new CountDownLatch(1);
    first.answerEverybody(() -> {
      hanging.countDown();
      try {
        never.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      return new Delivered();
    });
    var handling =
        Thread.ofVirtual()
            .start(() ->
                assertThatThrownBy(() -> handle(frontDoorIs(DoorState.OPEN)))
                    .hasMessageContaining("interrupted"));
    hanging.await();

    handling.interrupt();

    assertThat(handling.join(Duration.ofSeconds(20))).isTrue();
  }

  private static void waitFor(CountDownLatch latch) {
    try {
      assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void aRecipientWhoKnewOrLeftIsNoReasonToTryAgain() {
    first.answer("anna", Superseded::new);
    first.answer("ben", RecipientGone::new);

    assertThat(handle(frontDoorIs(DoorState.OPEN))).isEqualTo(HandlingOutcome.done());

    assertThat(count("first", "superseded")).isEqualTo(1);
    assertThat(count("first", "recipient-gone")).isEqualTo(1);
    assertThat(count("first", "delivered")).isEqualTo(1);
  }

  @Test
  void theLogTellsOfEachNotificationByTheEventsKeyAndNamesNobody(CapturedOutput log) {
    people.put(ANNA, new DisplayName("Anna O'Hara"));
    var event = identified(frontDoorIs(DoorState.OPEN), ANNA);
    second.answer("cleo", Superseded::new);

    handle(event);

    var key = event.metadata().idempotencyKey().toString();
    assertThat(log.getAll().lines().filter(line -> line.contains(key)))
        .hasSize(5)
        .noneMatch(line -> line.contains("O'Hara") || line.contains("anna"));
  }

  private HandlingOutcome handle(SmartDoorEvent event) {
    return handler.handle(received(event));
  }

  private void register(String id) {
    recipients.put(new Recipient(new RecipientId(id), false));
  }

  private double count(String channel, String outcome) {
    return meters
        .get("smartdoor.deliveries")
        .tags("channel", channel, "outcome", outcome)
        .counter()
        .count();
  }

  /** A channel that answers as it is told to, "delivered" if it is told nothing. */
  private static final class RecordingChannel implements Channel {

    final Map<String, List<Notification>> told = new ConcurrentHashMap<>();
    final Queue<Occasion> occasions = new ConcurrentLinkedQueue<>();

    private final String name;
    private final Map<String, Supplier<DeliveryOutcome>> answers = new ConcurrentHashMap<>();
    private Supplier<DeliveryOutcome> answer = Delivered::new;

    RecordingChannel(String name) {
      this.name = name;
    }

    void answer(String recipient, Supplier<DeliveryOutcome> answer) {
      answers.put(recipient, answer);
    }

    void answerEverybody(Supplier<DeliveryOutcome> answer) {
      this.answer = answer;
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public DeliveryOutcome deliver(
        Recipient recipient, Notification notification, Occasion occasion) {
      var outcome = answers.getOrDefault(recipient.id().value(), answer).get();
      told.computeIfAbsent(recipient.id().value(), _ -> new ArrayList<>()).add(notification);
      occasions.add(occasion);
      return outcome;
    }
  }
}
