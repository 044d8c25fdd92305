package io.smartdoor.http;

import java.math.BigInteger;
import java.time.Duration;
import java.util.regex.Pattern;
import org.springframework.boot.context.properties.bind.BindContext;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.core.env.PropertyResolver;

/**
 * Refuses times without a unit, which Spring takes for milliseconds: whoever sets 20 means seconds.
 * Zero is the same in every unit.
 *
 * @param placeholders what a value may refer to
 */
record UnitDemand(PropertyResolver placeholders) implements BindHandler {

  static final String EXPECTED = "a time with its unit (500ms, 20s, 5m, 1h)";

  private static final Pattern NUMBER = Pattern.compile("[+-]?[0-9]+");

  @Override
  public Object onSuccess(
      ConfigurationPropertyName name, Bindable<?> target, BindContext context, Object result) {
    var property = context.getConfigurationProperty();
    if (result instanceof Duration && property != null) {
      var given = placeholders.resolvePlaceholders(String.valueOf(property.getValue()));
      UnusableSettingException.unless(!isBare(given), name.toString(), EXPECTED, given);
    }
    return result;
  }

  private static boolean isBare(String text) {
    return NUMBER.matcher(text).matches() && new BigInteger(text).signum() != 0;
  }
}
