package io.smartdoor.notification.recipient;

import io.smartdoor.notification.memory.Memory;
import io.smartdoor.notification.memory.Readings;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Recipients that are not read anew for every event: what {@link Readings} says holds for {@link
 * #pageAsOf}. What is changed here is forgotten at once. An empty page is not remembered, so that a
 * system that has just been set up hears of its first doors.
 */
final class RememberedRecipients implements Recipients {

  /** Pages of them; what does not find its place here is read anew. */
  private static final int PAGES = 100;

  private record Asked(Optional<RecipientId> after, int limit) {}

  private final Recipients recipients;
  private final Readings<Asked, Page> pages;

  RememberedRecipients(Recipients recipients, Memory memory) {
    this.recipients = recipients;
    this.pages = memory.readings(PAGES);
  }

  @Override
  public Page pageAsOf(Instant asOf, Optional<RecipientId> after, int limit) {
    var asked = new Asked(after, limit);
    var page = pages.asOf(asked, asOf, () -> recipients.page(after, limit));
    if (page.recipients().isEmpty()) {
      pages.forget(asked);
    }
    return page;
  }

  @Override
  public Stored put(Recipient recipient) {
    return changed(() -> recipients.put(recipient));
  }

  @Override
  public boolean markLeaving(RecipientId id) {
    return changed(() -> recipients.markLeaving(id));
  }

  @Override
  public void forget(RecipientId id) {
    recipients.forget(id);
  }

  @Override
  public Optional<Recipient> find(RecipientId id) {
    return recipients.find(id);
  }

  @Override
  public Page page(Optional<RecipientId> after, int limit) {
    return recipients.page(after, limit);
  }

  /** A change whose answer was lost may have been made all the same. */
  private <T> T changed(Supplier<T> change) {
    try {
      return change.get();
    } finally {
      pages.forgetAll();
    }
  }
}
