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
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

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
    return (DynamoDbClient)
        Proxy.newProxyInstance(
            DynamoDbClient.class.getClassLoader(),
            new Class<?>[] {DynamoDbClient.class},
            (_, method, arguments) -> {
              if (method.getName().equals(call)) {
                happens.run();
              }
              try {
                return method.invoke(TestAws.dynamoDb(), arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }
}
