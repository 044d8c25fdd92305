package io.smartdoor.http;

import java.time.Duration;

/**
 * What a service needs of AWS to answer whoever calls it, and nothing that it can do without for a
 * while. It declares one or more as beans; without any of them the service is not ready
 * (docs/decisions/0020).
 */
@FunctionalInterface
public interface AwsNeed {

  /**
   * Asks AWS for something small.
   *
   * @param limit how long that may take
   * @throws RuntimeException where it is not there, or refuses
   */
  void ask(Duration limit);
}
