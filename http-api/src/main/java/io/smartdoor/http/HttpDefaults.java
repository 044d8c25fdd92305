package io.smartdoor.http;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.support.ResourcePropertySource;

/**
 * Puts {@code http-defaults.properties} behind everything else that configures a service, and makes
 * its log JSON unless {@link LogProperties} say otherwise.
 */
final class HttpDefaults implements EnvironmentPostProcessor {

  private static final ClassPathResource DEFAULTS =
      new ClassPathResource("http-defaults.properties", HttpDefaults.class);

  @Override
  public void postProcessEnvironment(
      ConfigurableEnvironment environment, SpringApplication application) {
    var sources = environment.getPropertySources();
    // Whatever else somebody wrote is refused later, when there is a log to say so in.
    if (!environment.getProperty("smartdoor.log.format", "").equalsIgnoreCase("terminal")) {
      sources.addLast(
          new MapPropertySource(
              "smartdoor-log-format", Map.of("logging.structured.format.console", "ecs")));
    }
    sources.addLast(defaults());
  }

  private static ResourcePropertySource defaults() {
    try {
      return new ResourcePropertySource("smartdoor-http-defaults", DEFAULTS);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
