package io.smartdoor.notification.recipient;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Recipients of one JVM, under the same contract as DynamoDB's. */
public final class InMemoryRecipients implements Recipients {

  private final TreeMap<String, Recipient> recipients = new TreeMap<>();
  private final Set<RecipientId> leaving = new HashSet<>();

  @Override
  public synchronized Stored put(Recipient recipient) {
    if (leaving.contains(recipient.id())) {
      return Stored.STILL_LEAVING;
    }
    return recipients.put(recipient.id().value(), recipient) == null
        ? Stored.CREATED
        : Stored.REPLACED;
  }

  @Override
  public synchronized Optional<Recipient> find(RecipientId id) {
    return Optional.ofNullable(recipients.get(id.value())).filter(it -> !leaving.contains(id));
  }

  @Override
  public synchronized Page page(Optional<RecipientId> after, int limit) {
    var rest =
        recipients.tailMap(after.map(RecipientId::value).orElse(""), false).values().stream()
            .filter(it -> !leaving.contains(it.id()))
            .limit(limit + 1L)
            .toList();
    return rest.size() <= limit
        ? new Page(rest, Optional.empty())
        : new Page(rest.subList(0, limit), Optional.of(rest.get(limit - 1).id()));
  }

  @Override
  public synchronized boolean markLeaving(RecipientId id) {
    if (!recipients.containsKey(id.value())) {
      return false;
    }
    leaving.add(id);
    return true;
  }

  @Override
  public synchronized void forget(RecipientId id) {
    if (leaving.remove(id)) {
      recipients.remove(id.value());
    }
  }

  public synchronized boolean isLeaving(RecipientId id) {
    return leaving.contains(id);
  }
}
