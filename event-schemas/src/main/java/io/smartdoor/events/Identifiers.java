package io.smartdoor.events;

import java.util.regex.Pattern;

/**
 * The form that ids share: what an operator types, what a URL, a queue and a log line carry
 * unescaped.
 */
public final class Identifiers {

  /** The form, as a regular expression. */
  public static final String FORM = "[a-z0-9][a-z0-9-]{0,63}";

  private static final Pattern PATTERN = Pattern.compile(FORM);

  private Identifiers() {}

  /** Whether {@code text} has the form. */
  public static boolean isValid(String text) {
    return PATTERN.matcher(text).matches();
  }

  /**
   * {@code text}, if it has the form.
   *
   * @param what what it is to be, with its article: "a door id"
   * @throws IllegalArgumentException where it has not
   */
  public static String check(String what, String text) {
    if (!isValid(text)) {
      throw new IllegalArgumentException(
          "expected %s of the form %s, found \"%s\"".formatted(what, FORM, text));
    }
    return text;
  }
}
