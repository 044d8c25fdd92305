package io.smartdoor.lock.outbox;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The SHA-256 of a body, in hexadecimal: tells whether a repeated request is the same, byte for
 * byte.
 */
public record BodyDigest(String value) {

  /** The digest of {@code body}. */
  public static BodyDigest of(byte[] body) {
    try {
      return new BodyDigest(
          HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(body)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
