package io.smartdoor.proof;

import io.smartdoor.events.IdempotencyKey;
import io.smartdoor.proof.Asked.Announcement;
import io.smartdoor.proof.Asked.Poisoning;
import java.util.ArrayList;
import java.util.List;

/**
 * All that was asked, in the order in which doors had an answer or gave up. Safe for use by several
 * threads.
 */
final class Requests {

  private final List<Webhook> webhooks = new ArrayList<>();
  private final List<Announcement> announcements = new ArrayList<>();
  private final List<Poisoning> poisonings = new ArrayList<>();

  synchronized void add(Webhook webhook) {
    webhooks.add(webhook);
  }

  synchronized void add(Announcement announcement) {
    announcements.add(announcement);
  }

  synchronized void add(Poisoning poisoning) {
    poisonings.add(poisoning);
  }

  synchronized Asked all() {
    return new Asked(List.copyOf(webhooks), List.copyOf(announcements), List.copyOf(poisonings));
  }

  /** How often doors have asked. */
  synchronized int count() {
    return webhooks.size();
  }

  /** Whether every request under this key was answered. */
  synchronized boolean wereAnswered(IdempotencyKey key) {
    return webhooks.stream()
        .filter(it -> it.key().equals(key))
        .allMatch(it -> it.answer().isPresent());
  }
}
