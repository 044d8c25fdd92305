package io.smartdoor.notification.inbox;

import static io.smartdoor.notification.Events.ANNA;
import static io.smartdoor.notification.Events.NOON;
import static io.smartdoor.notification.Events.frontDoorIs;
import static io.smartdoor.notification.Events.identified;
import static io.smartdoor.notification.Events.received;
import static org.assertj.core.api.Assertions.assertThat;

import io.smartdoor.events.DoorState;
import io.smartdoor.events.SmartDoorEvent;
import io.smartdoor.messaging.testing.SettableClock;
import io.smartdoor.notification.TestAws;
import io.smartdoor.notification.delivery.DeliveryOutcome.TryAgain;
import io.smartdoor.notification.delivery.Level;
import io.smartdoor.notification.delivery.Notification;
import io.smartdoor.notification.delivery.Occasion;
import io.smartdoor.notification.inbox.Inbox.Placement;
import io.smartdoor.notification.recipient.DynamoDbRecipientsForTests;
import io.smartdoor.notification.recipient.Recipient;
import io.smartdoor.notification.recipient.RecipientId;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;

/** Another instance writes to the same inbox, always at the worst moment. */
class CrowdedInboxTest {

  private static final Notification NOTIFICATION = new Notification(Level.NOTICE, "title", "body");

  private static final Duration PATIENCE = Duration.ofMillis(50);

  private final SettableClock clock = new SettableClock(NOON);
  private final Recipient me = new Recipient(new RecipientId("r-" + UUID.randomUUID()), false);
  private final DynamoDbInbox other = inbox(TestAws.dynamoDb());
  private int timesOvertaken;

  @BeforeEach
  void register() {
    DynamoDbRecipientsForTests.create().put(me);
  }

  @Test
  void whoeverIsOvertakenTriesAgain() {
    var opening = frontDoorIs(DoorState.OPEN);

    assertThat(place(overtaken(3), opening)).isEqualTo(new Placement.Placed(4));

    assertThat(timesOvertaken).isEqualTo(3);
    assertThat(other.after(me.id(), 0, 10).items()).extracting(InboxItem::seq).hasSize(4);
  }

  @Test
  void butNotForEver() {
    var inbox = overtaken(Integer.MAX_VALUE);

    assertThat(place(inbox, frontDoorIs(DoorState.OPEN))).isEqualTo(new Placement.Contended());

    assertThat(timesOvertaken).isEqualTo(DynamoDbInbox.ATTEMPTS);
    var again =
        new InboxChannel(inbox)
            .deliver(me, NOTIFICATION, Occasion.of(received(frontDoorIs(DoorState.OPEN))));
    assertThat(again).isEqualTo(new TryAgain(InboxChannel.AFTER_CONTENTION));
  }

  @Test
  void norForLongerThanItsEventMayTake() {
    var inbox =
        inbox(
            before(
                "transactWriteItems",
                () -> {
                  timesOvertaken++;
                  place(other, frontDoorIs(DoorState.AJAR));
                  clock.advance(PATIENCE);
                }));

    assertThat(place(inbox, frontDoorIs(DoorState.OPEN))).isEqualTo(new Placement.Contended());

    assertThat(timesOvertaken).isEqualTo(1);
  }

  @Test
  void whoeverWaitsForItsTurnDoesNotWaitForEver() throws InterruptedException {
    var holding = new CountDownLatch(1);
    var finish = new CountDownLatch(1);
    var inbox =
        inbox(
            before(
                "transactWriteItems",
                () -> {
                  holding.countDown();
                  await(finish);
                }));
    var slow = Thread.ofVirtual().start(() -> place(inbox, frontDoorIs(DoorState.OPEN)));
    try {
      await(holding);

      assertThat(place(inbox, frontDoorIs(DoorState.AJAR))).isEqualTo(new Placement.Contended());
    } finally {
      finish.countDown();
      slow.join();
    }
  }

  @Test
  void whoeverIsOvertakenByWhatSaysMoreGivesWay() {
    var opening = frontDoorIs(DoorState.OPEN);
    var inbox = inbox(before("transactWriteItems", () -> place(other, identified(opening, ANNA))));

    assertThat(place(inbox, opening)).isEqualTo(new Placement.Outranked());

    assertThat(other.after(me.id(), 0, 10).items())
        .extracting(InboxItem::detailType)
        .containsExactly("Person Identified");
  }

  @Test
  void whatACancelledTransactionSaysIsReadNoMore() {
    place(other, frontDoorIs(DoorState.OPEN));
    var calls = new ArrayList<String>();

    var inbox = inbox(client(it -> calls.add(it), it -> it));
    place(inbox, frontDoorIs(DoorState.OPEN));
    place(inbox, frontDoorIs(DoorState.OPEN));

    assertThat(calls).isEqualTo(Collections.nCopies(3, "transactWriteItems"));
  }

  /** The emulators say what was there; a store that does not is asked. */
  @Test
  void whatACancelledTransactionDoesNotSayIsRead() {
    place(other, frontDoorIs(DoorState.OPEN));
    var calls = new ArrayList<String>();
    var silent = inbox(client(it -> calls.add(it), CrowdedInboxTest::withoutItems));

    assertThat(place(silent, frontDoorIs(DoorState.OPEN))).isEqualTo(new Placement.Placed(2));
    assertThat(calls).containsExactly("transactWriteItems", "getItem", "transactWriteItems");

    place(other, frontDoorIs(DoorState.OPEN));
    assertThat(place(silent, frontDoorIs(DoorState.OPEN))).isEqualTo(new Placement.Placed(4));
    assertThat(calls).hasSize(3 + 4);
  }

  @Test
  void whoeverRegistersAnewBeginsAnewWhateverIsRemembered() {
    var opening = frontDoorIs(DoorState.OPEN);
    var inbox = inbox(TestAws.dynamoDb());
    place(inbox, frontDoorIs(DoorState.OPEN));
    place(inbox, opening);
    var recipients = DynamoDbRecipientsForTests.create();
    recipients.markLeaving(me.id());
    other.deleteAllOf(me.id());
    recipients.forget(me.id());
    recipients.put(me);

    assertThat(place(inbox, opening)).isEqualTo(new Placement.Placed(1));
  }

  private static TransactionCanceledException withoutItems(TransactionCanceledException e) {
    return e.toBuilder()
        .cancellationReasons(
            e.cancellationReasons().stream().map(it -> it.toBuilder().item(null).build()).toList())
        .build();
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private DynamoDbInbox overtaken(int times) {
    return inbox(
        before(
            "transactWriteItems",
            () -> {
              if (timesOvertaken < times) {
                timesOvertaken++;
                place(other, frontDoorIs(DoorState.AJAR));
              }
            }));
  }

  private Placement place(Inbox inbox, SmartDoorEvent event) {
    return inbox.place(me.id(), Occasion.of(received(event)), NOTIFICATION);
  }

  private DynamoDbInbox inbox(DynamoDbClient client) {
    return new DynamoDbInbox(
        client, TestAws.nameOf("InboxTable"), TestAws.presence(), clock, PATIENCE);
  }

  /** The real client, with something that happens just before each call of that name. */
  private static DynamoDbClient before(String call, Runnable happens) {
    return client(
        it -> {
          if (it.equals(call)) {
            happens.run();
          }
        },
        it -> it);
  }

  /** The real client, with something that happens before each call, and with other refusals. */
  private static DynamoDbClient client(
      Consumer<String> before, UnaryOperator<TransactionCanceledException> refusal) {
    return (DynamoDbClient)
        Proxy.newProxyInstance(
            DynamoDbClient.class.getClassLoader(),
            new Class<?>[] {DynamoDbClient.class},
            (_, method, arguments) -> {
              before.accept(method.getName());
              try {
                return method.invoke(TestAws.dynamoDb(), arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause() instanceof TransactionCanceledException cancelled
                    ? refusal.apply(cancelled)
                    : e.getCause();
              }
            });
  }
}
