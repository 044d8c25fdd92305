package io.smartdoor.http;

import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.core.convert.ConversionException;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.util.ClassUtils;
import org.springframework.util.unit.DataSize;

/**
 * Refuses settings that the service does not have, and values that it cannot use, before anything
 * is started: what fails later fails with the framework's own comments.
 */
final class SettingsCheck implements ApplicationContextInitializer<ConfigurableApplicationContext> {

  /** Names a group of settings that the service's modules have and the service has no use for. */
  private static final String OF_OTHERS = "settings-of-others";

  @Override
  public void initialize(ConfigurableApplicationContext context) {
    if (context instanceof WebServerApplicationContext) {
      new AwsAtStart(context.getEnvironment()).check();
      check(context.getEnvironment(), Objects.requireNonNull(context.getClassLoader()));
    }
  }

  /**
   * @throws UnusableSettingException which names the first that is unknown, else one that is
   *     missing or unusable
   */
  static void check(ConfigurableEnvironment environment, ClassLoader classes) {
    var all = KnownSettings.of(classes);
    var ofOthers = environment.getProperty(OF_OTHERS);
    var known = ofOthers == null ? all : all.without(ConfigurationPropertyName.of(ofOthers));
    for (var given : GivenSetting.in(environment)) {
      if (!known.include(given)) {
        throw new UnusableSettingException(
            "%s is no setting of this service: %s".formatted(given.name(), known.insteadOf(given)));
      }
    }
    var binder = Binder.get(environment, new UnitDemand(environment));
    for (var group : known.groups()) {
      try {
        binder.bindOrCreate(
            group.name(), Bindable.of(ClassUtils.resolveClassName(group.type(), classes)));
      } catch (BindException e) {
        throw unusable(e);
      }
    }
  }

  private static UnusableSettingException unusable(BindException failure) {
    var cause = NestedExceptionUtils.getMostSpecificCause(failure);
    if (cause instanceof UnusableSettingException unusable) {
      return unusable;
    }
    var setting = failure.getName().toString();
    var given = failure.getProperty();
    if (given != null && failure.getCause() instanceof ConversionException) {
      return new UnusableSettingException(
          "%s: expected %s, found \"%s\""
              .formatted(
                  setting, expected(failure.getTarget().getType().toClass()), given.getValue()));
    }
    // A record's own words, which name the setting; or what else Spring could not do for it.
    var message = String.valueOf(cause.getMessage());
    return new UnusableSettingException(
        message.startsWith(setting) ? message : "%s: %s".formatted(setting, message));
  }

  private static String expected(Class<?> type) {
    if (type.isEnum()) {
      return Arrays.stream(type.getEnumConstants())
          .map(it -> it.toString().toLowerCase(Locale.ROOT))
          .collect(Collectors.joining(" or "));
    }
    if (type == Duration.class) {
      return UnitDemand.EXPECTED;
    }
    if (type == DataSize.class) {
      return "a size with its unit (512B, 64KB, 1MB)";
    }
    if (type == int.class) {
      return "a whole number, to %d at most".formatted(Integer.MAX_VALUE);
    }
    return type == double.class ? "a number" : "a " + type.getSimpleName();
  }
}
