package io.smartdoor.http;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/**
 * A setting by the name that somebody gave it, known or not.
 *
 * @param name SMARTDOOR_BUS_NAME, say, or smartdoor.bus.name
 * @param isVariable whether it is an environment variable: Spring Boot reads their names otherwise
 */
record GivenSetting(String name, boolean isVariable) {

  private static final Pattern OURS =
      Pattern.compile("smart-?door[._].*", Pattern.CASE_INSENSITIVE);

  /**
   * Not for services, but in the environment of some: what the launcher is told ({@code ./smartdoor
   * --help}), and what this repository's tests and tools are told, in whose process services run.
   */
  private static final Pattern NOT_FOR_SERVICES =
      Pattern.compile(
          "SMARTDOOR_(HOME|TOOLS|FREE_PORTS|PORT_[A-Z]+|TAG|VERSION|REVISION|AWS|FUZZ_[A-Z]+|WRITE_[A-Z]+)"
              + "|smartdoor\\.seed");

  /** All that were given, by environment variables, files or anything else, the strongest first. */
  static List<GivenSetting> in(ConfigurableEnvironment environment) {
    return environment.getPropertySources().stream()
        .flatMap(GivenSetting::in)
        .filter(it -> OURS.matcher(it.name).matches())
        .filter(it -> !NOT_FOR_SERVICES.matcher(it.name).matches())
        .toList();
  }

  private static Stream<GivenSetting> in(PropertySource<?> source) {
    return source instanceof EnumerablePropertySource<?> named
        ? Stream.of(named.getPropertyNames())
            .map(it -> new GivenSetting(it, source instanceof SystemEnvironmentPropertySource))
        : Stream.empty();
  }

  /** Whether Spring Boot takes it for this property. */
  boolean sets(ConfigurationPropertyName property) {
    return asProperty().equals(property)
        // By an older rule of Spring Boot's, a dash may be written as "_".
        || (isVariable && name.equalsIgnoreCase(property.toString().replaceAll("[.-]", "_")));
  }

  /** The property that it looks like. */
  ConfigurationPropertyName asProperty() {
    return ConfigurationPropertyName.adapt(name, isVariable ? '_' : '.');
  }

  /** The name of a property, of the kind that this one was given by. */
  String likewise(ConfigurationPropertyName property) {
    return isVariable ? variable(property) : property.toString();
  }

  /** The environment variable that sets a property. */
  static String variable(ConfigurationPropertyName property) {
    return property.toString().replace("-", "").replace('.', '_').toUpperCase(Locale.ROOT);
  }
}
