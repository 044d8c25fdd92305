package io.smartdoor.notification.inbox;

import io.smartdoor.events.IdempotencyKey;
import io.smartdoor.notification.delivery.Notification;
import io.smartdoor.notification.delivery.Occasion;
import io.smartdoor.notification.recipient.RecipientData;
import io.smartdoor.notification.recipient.RecipientId;
import io.smartdoor.notification.recipient.Recipients;
import java.time.Clock;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Inboxes of one JVM, under the same contract as DynamoDB's. */
final class InMemoryInbox implements Inbox, RecipientData {

  private record Stored(InboxItem item, Rank rank, Instant expires) {}

  private static final class Box {
    private final Map<IdempotencyKey, Stored> entries = new HashMap<>();
    private long last;
  }

  private final Recipients recipients;
  private final Clock clock;
  private final Map<RecipientId, Box> boxes = new HashMap<>();

  InMemoryInbox(Recipients recipients, Clock clock) {
    this.recipients = recipients;
    this.clock = clock;
  }

  @Override
  public synchronized Placement place(
      RecipientId recipient, Occasion occasion, Notification notification) {
    if (recipients.find(recipient).isEmpty()) {
      return new Placement.NoRecipient();
    }
    var box = boxes.computeIfAbsent(recipient, _ -> new Box());
    var rank = Rank.of(occasion.detailType());
    var standing = box.entries.get(occasion.correlation());
    if (standing != null && !rank.isAbove(standing.rank())) {
      return new Placement.Outranked();
    }
    var item =
        new InboxItem(
            occasion.correlation(),
            ++box.last,
            notification.title(),
            notification.body(),
            notification.level().text(),
            occasion.door(),
            occasion.detailType().text(),
            occasion.key(),
            occasion.at(),
            false);
    box.entries.put(
        occasion.correlation(), new Stored(item, rank, clock.instant().plus(Inbox.KEPT)));
    return new Placement.Placed(item.seq());
  }

  @Override
  public synchronized Page after(RecipientId recipient, long after, int limit) {
    var items =
        boxes.getOrDefault(recipient, new Box()).entries.values().stream()
            .filter(this::isKept)
            .map(Stored::item)
            .filter(item -> item.seq() > after)
            .sorted(Comparator.comparingLong(InboxItem::seq))
            .limit(limit + 1L)
            .toList();
    return items.size() <= limit ? new Page(items, false) : new Page(items.subList(0, limit), true);
  }

  @Override
  public synchronized Marked markRead(
      RecipientId recipient, IdempotencyKey id, OptionalLong version) {
    var box = boxes.getOrDefault(recipient, new Box());
    var found = Optional.ofNullable(box.entries.get(id)).filter(this::isKept);
    if (found.isEmpty()) {
      return Marked.UNKNOWN;
    }
    var seq = found.get().item().seq();
    if (version.orElse(seq) == seq) {
      box.entries.put(id, read(found.get()));
    }
    return version.orElse(0) > seq ? Marked.NEVER_SHOWN : Marked.READ;
  }

  @Override
  public synchronized void deleteAllOf(RecipientId leaving) {
    if (recipients.find(leaving).isEmpty()) {
      boxes.remove(leaving);
    }
  }

  private boolean isKept(Stored stored) {
    return stored.expires().isAfter(clock.instant());
  }

  private static Stored read(Stored stored) {
    var item = stored.item();
    return new Stored(
        new InboxItem(
            item.id(),
            item.seq(),
            item.title(),
            item.body(),
            item.level(),
            item.door(),
            item.detailType(),
            item.idempotencyKey(),
            item.at(),
            true),
        stored.rank(),
        stored.expires());
  }
}
