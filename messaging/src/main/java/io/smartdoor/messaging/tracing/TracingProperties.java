package io.smartdoor.messaging.tracing;

import java.net.URI;
import java.util.Optional;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Whether traces are recorded, and where they go.
 *
 * @param endpoint where traces are sent, by OTLP over HTTP: {@code
 *     http://127.0.0.1:4318/v1/traces}, say; without it nothing is traced
 * @param share of the webhooks that are traced, from 0 to 1; what follows from one is traced if it
 *     is
 */
@ConfigurationProperties("smartdoor.tracing")
record TracingProperties(Optional<URI> endpoint, @DefaultValue("1") double share) {

  TracingProperties {
    endpoint.ifPresent(it ->
        demand(isHttp(it) && it.getHost() != null, "endpoint", "an http or https address", it));
    demand(share >= 0 && share <= 1, "share", "0 to 1", share);
  }

  private static boolean isHttp(URI address) {
    return "http".equals(address.getScheme()) || "https".equals(address.getScheme());
  }

  private static void demand(boolean holds, String property, String expected, Object found) {
    if (!holds) {
      throw new IllegalArgumentException(
          "smartdoor.tracing.%s: expected %s, found %s".formatted(property, expected, found));
    }
  }
}
