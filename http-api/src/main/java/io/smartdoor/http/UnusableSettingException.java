package io.smartdoor.http;

/**
 * A setting without which the service does not start; the message is all that its operator needs.
 */
public final class UnusableSettingException extends RuntimeException {

  private static final long serialVersionUID = 1;

  /** Says which setting, what was expected and what was found, in one line. */
  public UnusableSettingException(String message) {
    super(message);
  }

  /** Says, where {@code holds} is false, which setting, what was expected and what was found. */
  public static void unless(boolean holds, String setting, String expected, Object found) {
    if (!holds) {
      throw new UnusableSettingException(
          "%s: expected %s, found %s".formatted(setting, expected, found));
    }
  }
}
