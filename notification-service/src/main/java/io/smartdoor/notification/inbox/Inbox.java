package io.smartdoor.notification.inbox;

import io.smartdoor.events.IdempotencyKey;
import io.smartdoor.notification.delivery.Notification;
import io.smartdoor.notification.delivery.Occasion;
import io.smartdoor.notification.recipient.RecipientId;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;

/**
 * The recipients' inboxes: per recipient one entry for each chain of events, showing what says most
 * about it ({@link Rank}).
 *
 * <p>Each recipient's entries are numbered, from 1, in the order in which they became readable: a
 * reader who has seen number n, and every number that was readable before, finds whatever is new or
 * replaced after n. Safe for use by several threads and processes.
 */
interface Inbox {

  /** How long an entry is kept after it was written. */
  Duration KEPT = Duration.ofDays(90);

  /** What became of an entry that was to be placed. */
  sealed interface Placement {

    /** It stands, as number {@code seq}. */
    record Placed(long seq) implements Placement {}

    /** One that ranks as high stands already: the same one, perhaps. */
    record Outranked() implements Placement {}

    /** There is no such recipient, or they are leaving. */
    record NoRecipient() implements Placement {}

    /** Too many others write to this inbox at this moment: nothing was placed within seconds. */
    record Contended() implements Placement {}
  }

  /** What became of an entry that was to be marked as read. */
  enum Marked {
    /** The version that was read is marked, or was already, or has been replaced since. */
    READ,
    /** There is no such entry. */
    UNKNOWN,
    /** The entry never had that number: it is a later one. */
    NEVER_SHOWN
  }

  /**
   * Some entries, ascending by number.
   *
   * @param more whether there are later ones at this moment
   */
  record Page(List<InboxItem> items, boolean more) {

    public Page {
      items = List.copyOf(items);
    }
  }

  /**
   * Lets {@code notification} be what the inbox shows of the occasion's chain, unless something
   * that ranks as high is there. A replaced entry counts as unread again: what it says now, its
   * reader has not seen.
   */
  Placement place(RecipientId recipient, Occasion occasion, Notification notification);

  /** Up to {@code limit} entries whose numbers are greater than {@code after}. */
  Page after(RecipientId recipient, long after, int limit);

  /**
   * Marks the version {@code seq} of an entry as read, or whichever stands now. A version that
   * replaces it stays unread, whichever comes first.
   */
  Marked markRead(RecipientId recipient, IdempotencyKey id, OptionalLong seq);
}
