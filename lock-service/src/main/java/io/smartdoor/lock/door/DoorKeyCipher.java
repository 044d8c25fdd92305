package io.smartdoor.lock.door;

import io.smartdoor.events.DoorId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import javax.crypto.Cipher;
import javax.crypto.KDF;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.HKDFParameterSpec;

/**
 * Encrypts doors' keys for the table they are kept in: AES-256-GCM, bound to the door, so that a
 * key moved to another door's item is refused. Safe for use by several threads.
 *
 * <p>The cipher's own key is derived from the service's data key by HKDF-SHA256 (RFC 5869), so the
 * data key may be any text that is hard enough to guess.
 */
class DoorKeyCipher {

  private static final String TRANSFORMATION = "AES/GCM/NoPadding";

  /** What the key is for: changing it makes every stored key unreadable. */
  private static final String PURPOSE = "smartdoor lock-service door keys v1";

  private static final int KEY_BYTES = 32;

  /** NIST SP 800-38D, 8.2.2: random nonces of 96 bits are safe for 2^32 encryptions with a key. */
  private static final int NONCE_BYTES = 12;

  private static final int TAG_BITS = 128;

  private final Supplier<SecretKey> key;
  private final RandomGenerator random;

  /**
   * @param key what {@link #derive} has made of the data key; asked for with each door's key
   */
  DoorKeyCipher(Supplier<SecretKey> key, RandomGenerator random) {
    this.key = key;
    this.random = random;
  }

  static SecretKey derive(String dataKey) {
    try {
      return KDF.getInstance("HKDF-SHA256")
          .deriveKey(
              "AES",
              HKDFParameterSpec.ofExtract()
                  .addIKM(dataKey.getBytes(StandardCharsets.UTF_8))
                  .thenExpand(PURPOSE.getBytes(StandardCharsets.US_ASCII), KEY_BYTES));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Java 25 has HKDF-SHA256", e);
    }
  }

  /** The nonce and what it was encrypted to. */
  byte[] encrypt(DoorId door, DoorKey doorKey) {
    var nonce = new byte[NONCE_BYTES];
    random.nextBytes(nonce);
    try {
      var encrypted = cipher(Cipher.ENCRYPT_MODE, nonce, door).doFinal(doorKey.bytes());
      return ByteBuffer.allocate(nonce.length + encrypted.length).put(nonce).put(encrypted).array();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the key of door %s cannot be encrypted".formatted(door), e);
    }
  }

  /**
   * The key that {@link #encrypt} was given for this door.
   *
   * @throws IllegalStateException where it was another door's, was changed, or was encrypted with
   *     another data key
   */
  DoorKey decrypt(DoorId door, byte[] stored) {
    try {
      var nonce = Arrays.copyOf(stored, NONCE_BYTES);
      return DoorKey.ofBytes(
          cipher(Cipher.DECRYPT_MODE, nonce, door)
              .doFinal(stored, NONCE_BYTES, stored.length - NONCE_BYTES));
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw new IllegalStateException(
          "the stored key of door %s is not readable with this data key".formatted(door), e);
    }
  }

  private Cipher cipher(int mode, byte[] nonce, DoorId door) throws GeneralSecurityException {
    var cipher = Cipher.getInstance(TRANSFORMATION);
    cipher.init(mode, key.get(), new GCMParameterSpec(TAG_BITS, nonce));
    cipher.updateAAD(door.value().getBytes(StandardCharsets.US_ASCII));
    return cipher;
  }
}
