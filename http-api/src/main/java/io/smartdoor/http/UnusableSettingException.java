package io.smartdoor.http;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.format.annotation.DurationFormat;
import org.springframework.format.datetime.standard.DurationFormatterUtils;

/**
 * A setting without which the service does not start; the message is all that its operator needs.
 * Where it begins with the setting ({@code smartdoor.bus.name}), the operator is told the name that
 * the setting was given by ({@code SMARTDOOR_BUS_NAME}).
 */
public final class UnusableSettingException extends RuntimeException {

  private static final long serialVersionUID = 1;

  /** Says which setting, what was expected and what was found, in one line. */
  public UnusableSettingException(String message) {
    super(message);
  }

  /**
   * Says, where {@code holds} is false, which setting, what was expected and what was found. So not
   * for secrets.
   */
  public static void unless(boolean holds, String setting, String expected, Object found) {
    if (!holds) {
      throw new UnusableSettingException(
          "%s: expected %s, found %s".formatted(setting, expected, asWritten(found)));
    }
  }

  /** Says, where {@code value} is absent or blank, which setting is not set, and what to. */
  public static void unlessSet(@Nullable String value, String setting, String expected) {
    if (value == null || value.isBlank()) {
      throw new UnusableSettingException("%s is not set: expected %s".formatted(setting, expected));
    }
  }

  /** Says, where {@code longest} is shorter than {@code first}, both settings and what they are. */
  public static void unlessInOrder(
      String nameOfFirst, Duration first, String nameOfLongest, Duration longest) {
    if (longest.compareTo(first) < 0) {
      throw new UnusableSettingException(
          "%s: expected as long as %s or longer, found %s and %s"
              .formatted(nameOfLongest, nameOfFirst, asWritten(longest), asWritten(first)));
    }
  }

  /** Durations as they are set: 10ms, not PT0.01S. */
  private static Object asWritten(Object found) {
    return switch (found) {
      case Duration it -> DurationFormatterUtils.print(it, DurationFormat.Style.COMPOSITE);
      case String it -> "\"%s\"".formatted(it);
      default -> found;
    };
  }
}
