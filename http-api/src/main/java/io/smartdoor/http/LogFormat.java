package io.smartdoor.http;

import org.springframework.core.env.Environment;

/** How a service writes its log, by {@code SMARTDOOR_LOG_FORMAT}. */
enum LogFormat {
  /** One Elastic Common Schema object per line. */
  JSON,
  /** Lines for people. */
  TERMINAL;

  static final String VARIABLE = "SMARTDOOR_LOG_FORMAT";

  /**
   * The format that {@code environment} names, JSON where it names none.
   *
   * @throws UnusableSettingException where it names another
   */
  static LogFormat of(Environment environment) {
    var text = environment.getProperty(VARIABLE, "json");
    return switch (text) {
      case "json" -> JSON;
      case "terminal" -> TERMINAL;
      default ->
          throw new UnusableSettingException(
              "%s: expected json or terminal, found \"%s\"".formatted(VARIABLE, text));
    };
  }
}
