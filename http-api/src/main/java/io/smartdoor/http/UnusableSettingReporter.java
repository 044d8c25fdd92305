package io.smartdoor.http;

import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.SpringBootExceptionReporter;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/**
 * Reports an unusable setting, or an AWS that does not answer, in one line, before Spring Boot
 * would with a page.
 */
@Order(Ordered.HIGHEST_PRECEDENCE)
final class UnusableSettingReporter implements SpringBootExceptionReporter {

  private static final Logger log = LoggerFactory.getLogger(UnusableSettingReporter.class);

  /**
   * How a message begins that says what is wrong with a property, and how it names another property
   * that this one has to go with.
   */
  private static final Pattern PROPERTY =
      Pattern.compile(
          "^smartdoor(\\.[a-z][a-z0-9-]*)+(?=: | is not set: )"
              + "|(?<=: expected as long as )smartdoor(\\.[a-z][a-z0-9-]*)+(?= or longer, found )");

  private final @Nullable ConfigurableApplicationContext context;

  UnusableSettingReporter(@Nullable ConfigurableApplicationContext context) {
    this.context = context;
  }

  @Override
  public boolean reportException(Throwable failure) {
    for (@Nullable Throwable it = failure; it != null; it = it.getCause()) {
      if (it instanceof UnusableSettingException unusable) {
        var message = String.valueOf(unusable.getMessage());
        log.error(
            "does not start: {}",
            PROPERTY.matcher(message).replaceAll(found -> asGiven(found.group())));
        return true;
      }
      var line =
          context == null
              ? Optional.<String>empty()
              : new AwsAtStart(context.getEnvironment()).lineFor(it);
      if (line.isPresent()) {
        log.error("does not start: {}", line.get());
        return true;
      }
    }
    return false;
  }

  /** The name that somebody gave the property by, else the variable to set. */
  private String asGiven(String name) {
    var property = ConfigurationPropertyName.of(name);
    return context == null
        ? name
        : GivenSetting.in(context.getEnvironment()).stream()
            .filter(it -> it.sets(property))
            .map(GivenSetting::name)
            .findFirst()
            .orElseGet(() -> GivenSetting.variable(property));
  }
}
