package io.smartdoor.proof;

import io.smartdoor.events.IdempotencyKey;
import java.util.List;
import java.util.Set;

/**
 * All that anybody has asked of the system.
 *
 * @param webhooks of all doors, in any order
 * @param announcements events that came to subscribers past the lock service
 */
record Asked(List<Webhook> webhooks, List<Announcement> announcements, List<Poisoning> poisonings) {

  static Asked of(List<Webhook> webhooks) {
    return new Asked(webhooks, List.of(), List.of());
  }

  /**
   * An event that is as good as a door's own, though no door sent it.
   *
   * @param subscribers who were given it
   */
  record Announcement(IdempotencyKey key, String door, Opening opening, Set<String> subscribers) {}

  /**
   * A message that nobody can handle.
   *
   * @param marker stands somewhere in it, and nowhere else
   * @param what is wrong with it
   * @param subscribers who have to say so, in their dead-letter queues
   */
  record Poisoning(String marker, String what, Set<String> subscribers) {}
}
