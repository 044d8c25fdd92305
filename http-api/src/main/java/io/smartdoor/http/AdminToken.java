package io.smartdoor.http;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** The token that its holder administers this service with. Keeps only a digest of it. */
final class AdminToken {

  private static final String SETTING = "smartdoor.admin.token";

  /** Shorter ones can be guessed. */
  static final int MIN_LENGTH = 16;

  private final byte[] digest;

  /**
   * @throws UnusableSettingException where {@code token} is blank or shorter than {@value
   *     #MIN_LENGTH} characters
   */
  AdminToken(String token) {
    var expected = "a secret of %d characters or more".formatted(MIN_LENGTH);
    UnusableSettingException.unlessSet(token, SETTING, expected);
    UnusableSettingException.unless(
        token.length() >= MIN_LENGTH, SETTING, expected, token.length());
    this.digest = sha256(token);
  }

  /** Whether {@code token} is this one, in a time that does not tell how much of it is right. */
  boolean matches(String token) {
    return MessageDigest.isEqual(digest, sha256(token));
  }

  private static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
