package io.smartdoor.notification.delivery;

import io.smartdoor.notification.recipient.Recipient;

/**
 * A way to reach recipients: an inbox, a push service. A bean of this type is all it takes to add
 * one.
 *
 * <p>An event is handled again after a crash, and when any recipient could not be reached over any
 * channel: {@link #deliver} must be repeatable without being noticed (a conditional write, a
 * deterministic key, a collapse id). It is called by several threads at once. Events of one chain
 * come in any order.
 */
public interface Channel {

  /** The channel's name in logs and metrics: one lower-case word. */
  String name();

  /**
   * Brings {@code notification} to {@code recipient}, or says within some seconds that it cannot
   * for now. What the far end answers is an outcome; an exception means that something is broken,
   * and costs the event one of its attempts. Neither keeps other recipients and channels from their
   * turn. Only an exception that tells of an outage ends the round, at no cost: whoever comes after
   * would fail alike.
   */
  DeliveryOutcome deliver(Recipient recipient, Notification notification, Occasion occasion);
}
