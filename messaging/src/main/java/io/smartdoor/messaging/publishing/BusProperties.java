package io.smartdoor.messaging.publishing;

import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * Where events are published.
 *
 * @param name of the event bus
 */
@ConfigurationProperties("smartdoor.bus")
record BusProperties(String name) {

  BusProperties {
    if (name.isBlank()) {
      throw new IllegalArgumentException(
          "smartdoor.bus.name: expected the name of an event bus, found " + name);
    }
  }
}
