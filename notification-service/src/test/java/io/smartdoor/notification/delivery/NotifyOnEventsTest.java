package io.smartdoor.notification.delivery;

import static io.smartdoor.notification.Events.ANNA;
import static io.smartdoor.notification.Events.frontDoorIs;
import static io.smartdoor.notification.Events.identified;
import static io.smartdoor.notification.Events.received;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

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
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
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
      new NotifyOnEvents(recipients, List.of(first, second), new Wording(people), meters);

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

    final Map<String, List<Notification>> told = new HashMap<>();
    final List<Occasion> occasions = new ArrayList<>();

    private final String name;
    private final Map<String, Supplier<DeliveryOutcome>> answers = new HashMap<>();

    RecordingChannel(String name) {
      this.name = name;
    }

    void answer(String recipient, Supplier<DeliveryOutcome> answer) {
      answers.put(recipient, answer);
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public DeliveryOutcome deliver(
        Recipient recipient, Notification notification, Occasion occasion) {
      var outcome = answers.getOrDefault(recipient.id().value(), Delivered::new).get();
      told.computeIfAbsent(recipient.id().value(), _ -> new ArrayList<>()).add(notification);
      occasions.add(occasion);
      return outcome;
    }
  }
}
