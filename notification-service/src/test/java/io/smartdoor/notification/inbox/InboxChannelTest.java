package io.smartdoor.notification.inbox;

import static io.smartdoor.notification.Events.NOON;
import static io.smartdoor.notification.Events.failed;
import static io.smartdoor.notification.Events.frontDoorIs;
import static io.smartdoor.notification.Events.received;
import static org.assertj.core.api.Assertions.assertThat;

import io.smartdoor.events.DoorState;
import io.smartdoor.events.SmartDoorEvent;
import io.smartdoor.messaging.testing.SettableClock;
import io.smartdoor.notification.delivery.DeliveryOutcome;
import io.smartdoor.notification.delivery.DeliveryOutcome.Delivered;
import io.smartdoor.notification.delivery.DeliveryOutcome.RecipientGone;
import io.smartdoor.notification.delivery.DeliveryOutcome.Superseded;
import io.smartdoor.notification.delivery.Level;
import io.smartdoor.notification.delivery.Notification;
import io.smartdoor.notification.delivery.Occasion;
import io.smartdoor.notification.recipient.InMemoryRecipients;
import io.smartdoor.notification.recipient.Recipient;
import io.smartdoor.notification.recipient.RecipientId;
import org.junit.jupiter.api.Test;

class InboxChannelTest {

  private static final Recipient ME = new Recipient(new RecipientId("me"), false);

  private final InMemoryRecipients recipients = new InMemoryRecipients();
  private final InMemoryInbox inbox = new InMemoryInbox(recipients, new SettableClock(NOON));
  private final InboxChannel channel = new InboxChannel(inbox);

  @Test
  void whatSaysMoreIsDeliveredAndWhatWasThereBeforeIsNot() {
    recipients.put(ME);
    var opening = frontDoorIs(DoorState.OPEN);
    var failure = failed(opening, "timeout");

    assertThat(deliver(opening)).isEqualTo(new Delivered());
    assertThat(deliver(opening)).isEqualTo(new Superseded());
    assertThat(deliver(failure)).isEqualTo(new Delivered());
    assertThat(deliver(opening)).isEqualTo(new Superseded());

    assertThat(inbox.after(ME.id(), 0, 10).items()).hasSize(1);
  }

  @Test
  void nothingIsDeliveredToWhomeverHasLeft() {
    assertThat(deliver(frontDoorIs(DoorState.OPEN))).isEqualTo(new RecipientGone());
  }

  private DeliveryOutcome deliver(SmartDoorEvent event) {
    return channel.deliver(
        ME, new Notification(Level.NOTICE, "title", "body"), Occasion.of(received(event)));
  }
}
