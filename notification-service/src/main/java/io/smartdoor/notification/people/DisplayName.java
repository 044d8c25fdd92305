package io.smartdoor.notification.people;

import java.util.regex.Pattern;

/**
 * What to call a person on a phone: 1 to 64 characters (code points), no control characters and no
 * line breaks, no blank at either end.
 */
public record DisplayName(String value) {

  /** The form of a name, as a regular expression that Java, JavaScript and Python read alike. */
  public static final String FORM =
      "[^\\u0000-\\u0020\\u007F-\\u00A0\\u2028\\u2029]"
          + "(?:[^\\u0000-\\u001F\\u007F-\\u009F\\u2028\\u2029]{0,62}"
          + "[^\\u0000-\\u0020\\u007F-\\u00A0\\u2028\\u2029])?";

  private static final Pattern PATTERN = Pattern.compile(FORM);

  public DisplayName {
    if (!PATTERN.matcher(value).matches() || hasLoneSurrogate(value)) {
      throw new IllegalArgumentException(
          "expected 1 to 64 characters without control characters and without a blank at either"
              + " end, found "
              + value.codePointCount(0, value.length())
              + " characters");
    }
  }

  /** Half a character, which JSON can spell and UTF-8 cannot. */
  private static boolean hasLoneSurrogate(String text) {
    return text.codePoints()
        .anyMatch(point -> point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE);
  }

  @Override
  public String toString() {
    return value;
  }
}
