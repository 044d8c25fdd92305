package io.smartdoor.notification.recipient;

import io.smartdoor.notification.recipient.Recipients.Stored;
import java.util.List;

/**
 * Lets recipients come and go.
 *
 * <p>Removal has three steps: mark, delete what is kept for them, forget. The mark comes first,
 * since every delivery checks it in its own transaction: once it stands, nothing new arrives, so
 * what is then deleted stays deleted. The record goes last, since it is what a repetition finds: a
 * removal that a crash cut short is finished by the next DELETE, or by the next PUT before it
 * creates anything. (Record first would leave entries behind that the next recipient of that id
 * would find in their inbox.)
 */
final class Register {

  private final Recipients recipients;
  private final List<RecipientData> kept;

  Register(Recipients recipients, List<RecipientData> kept) {
    this.recipients = recipients;
    this.kept = List.copyOf(kept);
  }

  /** Stores {@code recipient}, after the end of a removal that is under way. */
  boolean put(Recipient recipient) {
    while (true) {
      var stored = recipients.put(recipient);
      if (stored != Stored.STILL_LEAVING) {
        return stored == Stored.CREATED;
      }
      remove(recipient.id());
    }
  }

  /** Removes the recipient and what is kept for them; repeatable. */
  void remove(RecipientId id) {
    if (recipients.markLeaving(id)) {
      kept.forEach(data -> data.deleteAllOf(id));
      recipients.forget(id);
    }
  }
}
