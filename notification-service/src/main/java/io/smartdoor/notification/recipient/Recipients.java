package io.smartdoor.notification.recipient;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * All recipients.
 *
 * <p>A recipient goes in two steps, because what is kept for them goes too and no single write can
 * take it all: {@link #markLeaving} hides them and stops deliveries, {@link #forget} ends it. A
 * recipient who is leaving is not found and in no page. Reads see every write that returned before
 * they began. Safe for use by several threads and processes.
 */
public interface Recipients {

  /** What became of a recipient that was to be stored. */
  enum Stored {
    CREATED,
    REPLACED,
    /** Refused, nothing was stored: the recipient of that id is still leaving. */
    STILL_LEAVING
  }

  /**
   * Some recipients, in no particular but a lasting order.
   *
   * @param next where there are more: what to ask for them with
   */
  record Page(List<Recipient> recipients, Optional<RecipientId> next) {

    public Page {
      recipients = List.copyOf(recipients);
    }
  }

  /** Stores {@code recipient} in place of the one of that id, if any. */
  Stored put(Recipient recipient);

  /** The recipient of that id, unless they are leaving. */
  Optional<Recipient> find(RecipientId id);

  /**
   * Up to {@code limit} recipients, after the one that the previous page ended with; that one need
   * no longer exist.
   */
  Page page(Optional<RecipientId> after, int limit);

  /**
   * As {@link #page}, for an event that was accepted at {@code asOf}: every change that was made
   * before is seen, a later one perhaps not, even if it returned before this read began.
   */
  default Page pageAsOf(Instant asOf, Optional<RecipientId> after, int limit) {
    return page(after, limit);
  }

  /**
   * From now on nothing is delivered to this recipient.
   *
   * @return whether there is such a recipient; one who was leaving already counts
   */
  boolean markLeaving(RecipientId id);

  /** Forgets a recipient who is leaving; leaves any other alone. */
  void forget(RecipientId id);
}
