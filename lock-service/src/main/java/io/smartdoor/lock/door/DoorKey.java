package io.smartdoor.lock.door;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Base64;
import java.util.random.RandomGenerator;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The key with which one door signs its webhooks, in the form of Standard Webhooks: {@code whsec_}
 * and base64.
 */
public class DoorKey {

  private static final String PREFIX = "whsec_";
  private static final String HMAC = "HmacSHA256";

  /** Standard Webhooks asks for 24 to 64. */
  private static final int LENGTH = 32;

  private final byte[] secret;

  /** Not public: there are no other kinds of keys. Tests count what is signed. */
  DoorKey(byte[] secret) {
    this.secret = secret;
  }

  /** A new key. {@code random} is to be cryptographically strong. */
  public static DoorKey generate(RandomGenerator random) {
    var secret = new byte[LENGTH];
    random.nextBytes(secret);
    return new DoorKey(secret);
  }

  /**
   * The key that is written {@code text}, for who holds one in that form: a program that signs, and
   * the published examples. This service keeps its doors' keys as bytes.
   *
   * @throws IllegalArgumentException where {@code text} is no key; the message does not repeat it
   */
  public static DoorKey of(String text) {
    if (!text.startsWith(PREFIX)) {
      throw new IllegalArgumentException("expected a key that begins with " + PREFIX);
    }
    return new DoorKey(Base64.getDecoder().decode(text.substring(PREFIX.length())));
  }

  /** The HMAC-SHA256 of the parts, one after the other. */
  public byte[] sign(byte[]... parts) {
    try {
      var mac = Mac.getInstance(HMAC);
      mac.init(new SecretKeySpec(secret, HMAC));
      Arrays.stream(parts).forEach(mac::update);
      return mac.doFinal();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has " + HMAC, e);
    }
  }

  /** For the door's owner, once. */
  String asText() {
    return PREFIX + Base64.getEncoder().encodeToString(secret);
  }

  static DoorKey ofBytes(byte[] secret) {
    return new DoorKey(secret.clone());
  }

  byte[] bytes() {
    return secret.clone();
  }

  /** Not the key: this goes into logs. */
  @Override
  public String toString() {
    return "DoorKey";
  }
}
