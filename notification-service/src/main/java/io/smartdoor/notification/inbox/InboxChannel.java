package io.smartdoor.notification.inbox;

import io.smartdoor.notification.delivery.Channel;
import io.smartdoor.notification.delivery.DeliveryOutcome;
import io.smartdoor.notification.delivery.Notification;
import io.smartdoor.notification.delivery.Occasion;
import io.smartdoor.notification.inbox.Inbox.Placement.Contended;
import io.smartdoor.notification.inbox.Inbox.Placement.NoRecipient;
import io.smartdoor.notification.inbox.Inbox.Placement.Outranked;
import io.smartdoor.notification.inbox.Inbox.Placement.Placed;
import io.smartdoor.notification.recipient.Recipient;
import java.time.Duration;

/** Puts notifications into inboxes, where phones fetch them. */
final class InboxChannel implements Channel {

  /** By then whoever crowded the inbox has moved on. */
  static final Duration AFTER_CONTENTION = Duration.ofSeconds(1);

  private final Inbox inbox;

  InboxChannel(Inbox inbox) {
    this.inbox = inbox;
  }

  @Override
  public String name() {
    return "inbox";
  }

  @Override
  public DeliveryOutcome deliver(
      Recipient recipient, Notification notification, Occasion occasion) {
    return switch (inbox.place(recipient.id(), occasion, notification)) {
      case Placed _ -> new DeliveryOutcome.Delivered();
      case Outranked _ -> new DeliveryOutcome.Superseded();
      case NoRecipient _ -> new DeliveryOutcome.RecipientGone();
      case Contended _ -> new DeliveryOutcome.TryAgain(AFTER_CONTENTION);
    };
  }
}
