package io.smartdoor.messaging.publishing;

import java.time.Duration;

/**
 * The bus that the {@link EventPublisher} puts events on, for whoever wants to know whether there
 * is one: what is put on a bus that does not exist is accepted, and lost (docs/fidelity.md).
 */
@FunctionalInterface
public interface EventBus {

  /**
   * Looks for it.
   *
   * @param limit how long that may take
   * @throws RuntimeException where there is none, or AWS does not say
   */
  void find(Duration limit);
}
