package io.smartdoor.http;

import java.time.Duration;

/**
 * What a service has to have found at AWS once before a release of it is any good, and whose later
 * absence it bears. It declares one or more as beans; who is not ready for want of an {@link
 * AwsNeed} has not started either (docs/decisions/0020).
 */
@FunctionalInterface
public interface AwsNeedToStart {

  /**
   * Asks AWS for something small.
   *
   * @param limit how long that may take
   * @throws RuntimeException where it is not there, or AWS refuses to say
   */
  void ask(Duration limit);
}
