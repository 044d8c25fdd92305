package io.smartdoor.lock.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.smartdoor.lock.door.DoorKey;
import java.io.ByteArrayOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What holds of every signature, tried on many; a seed gives the same ones again. */
class SignaturePropertiesTest {

  private static final int TRIES = 300;
  private static final String ID_CHARACTERS = characters();

  private static final class Signed {

    private final byte[] secret;
    private final String id;
    private final String timestamp;
    private final byte[] body;

    Signed(byte[] secret, String id, String timestamp, byte[] body) {
      this.secret = secret;
      this.id = id;
      this.timestamp = timestamp;
      this.body = body;
    }

    /** Its secret of 24 to 64 bytes, as Standard Webhooks asks for. */
    static Signed any(Random random) {
      return new Signed(
          bytes(random, random.nextInt(24, 65)),
          text(random, ID_CHARACTERS, random.nextInt(1, 257)),
          text(random, "0123456789", random.nextInt(1, 11)),
          bytes(random, random.nextBoolean() ? random.nextInt(64) : random.nextInt(4096)));
    }

    String signature() {
      return reference(secret, id, timestamp, body);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void whatTheReferenceSignsIsVerified(long seed) {
    forAny(seed, (random, it) -> assertThat(matches(it, it.signature())).isTrue());
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void whatIsSignedHereIsWhatTheReferenceSigns(long seed) {
    forAny(
        seed,
        (random, it) ->
            assertThat(
                    "v1,"
                        + Base64.getEncoder()
                            .encodeToString(
                                key(it.secret)
                                    .sign(
                                        (it.id + "." + it.timestamp + ".").getBytes(UTF_8),
                                        it.body)))
                .isEqualTo(it.signature()));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void aSingleBitOfTheBodyMatters(long seed) {
    forAny(
        seed,
        (random, it) -> {
          if (it.body.length > 0) {
            var body = flipped(random, it.body);
            assertIsRefused(new Signed(it.secret, it.id, it.timestamp, body), it);
          }
        });
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void aByteMoreOrLessOfTheBodyMatters(long seed) {
    forAny(
        seed,
        (random, it) -> {
          var longer = Arrays.copyOf(it.body, it.body.length + 1);
          assertIsRefused(new Signed(it.secret, it.id, it.timestamp, longer), it);
          if (it.body.length > 0) {
            var shorter = Arrays.copyOf(it.body, it.body.length - 1);
            assertIsRefused(new Signed(it.secret, it.id, it.timestamp, shorter), it);
          }
        });
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void aSingleCharacterOfTheIdOrTheTimestampMatters(long seed) {
    forAny(
        seed,
        (random, it) -> {
          var id = changed(random, it.id, ID_CHARACTERS);
          assertIsRefused(new Signed(it.secret, id, it.timestamp, it.body), it);
          var timestamp = changed(random, it.timestamp, "0123456789");
          assertIsRefused(new Signed(it.secret, it.id, timestamp, it.body), it);
        });
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void aSingleBitOfTheSecretMatters(long seed) {
    forAny(
        seed,
        (random, it) ->
            assertIsRefused(
                new Signed(flipped(random, it.secret), it.id, it.timestamp, it.body), it));
  }

  /** Also of what base64 does not look at: only one text stands for a signature. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void aSingleBitOfTheSignatureMatters(long seed) {
    forAny(
        seed,
        (random, it) -> {
          var bytes = it.signature().getBytes(UTF_8);
          var i = random.nextInt(bytes.length);
          bytes[i] ^= (byte) (1 << random.nextInt(7));
          assertThat(matches(it, new String(bytes, UTF_8))).isFalse();
        });
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void oneRightSignatureAmongOthersIsEnoughWhereverItStands(long seed) {
    forAny(
        seed,
        (random, it) -> {
          var signatures = new ArrayList<String>();
          for (var i = random.nextInt(1, 6); i > 0; i--) {
            signatures.add(other(random, it));
          }
          assertThat(matches(it, String.join(" ", signatures))).isFalse();
          signatures.add(it.signature());
          Collections.shuffle(signatures, random);
          assertThat(matches(it, String.join(" ", signatures))).isTrue();
        });
  }

  private static String other(Random random, Signed signed) {
    return switch (random.nextInt(4)) {
      case 0 -> signed.signature().replaceFirst("v1", "v2");
      case 1 -> signed.signature().substring(3);
      case 2 -> "v1a," + text(random, "abcdefgh+/", 88);
      default -> Signed.any(random).signature();
    };
  }

  private interface Property {
    void check(Random random, Signed signed);
  }

  private static void forAny(long seed, Property property) {
    var random = new Random(seed);
    for (var i = 0; i < TRIES; i++) {
      property.check(random, Signed.any(random));
    }
  }

  private static void assertIsRefused(Signed changed, Signed signed) {
    assertThat(matches(changed, signed.signature())).isFalse();
  }

  private static boolean matches(Signed request, String signature) {
    var headers =
        new WebhookHeaders(
            new WebhookId(request.id), request.timestamp, WebhookHeaders.signatures(signature));
    return WebhookSignature.matches(headers, request.body, key(request.secret));
  }

  private static DoorKey key(byte[] secret) {
    return DoorKey.of("whsec_" + Base64.getEncoder().encodeToString(secret));
  }

  /**
   * Written from the texts alone, over a plain SHA-256. Standard Webhooks 1.0.0: "the signature
   * scheme is HMAC-SHA256" over "msg_id.timestamp.payload", "base64 encoded", "prefixed with v1,".
   * RFC 2104: H(K XOR opad, H(K XOR ipad, text)), where K is padded with zeros to H's block.
   */
  private static String reference(byte[] secret, String id, String timestamp, byte[] body) {
    var text = new ByteArrayOutputStream();
    text.writeBytes(id.getBytes(UTF_8));
    text.write('.');
    text.writeBytes(timestamp.getBytes(UTF_8));
    text.write('.');
    text.writeBytes(body);
    var block = Arrays.copyOf(secret, 64);
    var inner = sha256(xor(block, 0x36), text.toByteArray());
    return "v1," + Base64.getEncoder().encodeToString(sha256(xor(block, 0x5c), inner));
  }

  private static byte[] xor(byte[] bytes, int pad) {
    var padded = bytes.clone();
    for (var i = 0; i < padded.length; i++) {
      padded[i] ^= (byte) pad;
    }
    return padded;
  }

  private static byte[] sha256(byte[] first, byte[] second) {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      digest.update(first);
      return digest.digest(second);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  private static byte[] bytes(Random random, int length) {
    var bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  private static byte[] flipped(Random random, byte[] bytes) {
    var flipped = bytes.clone();
    flipped[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
    return flipped;
  }

  private static String text(Random random, String of, int length) {
    var text = new StringBuilder();
    IntStream.range(0, length).forEach(i -> text.append(of.charAt(random.nextInt(of.length()))));
    return text.toString();
  }

  private static String changed(Random random, String text, String of) {
    var changed = new StringBuilder(text);
    while (changed.toString().equals(text)) {
      changed.setCharAt(random.nextInt(text.length()), of.charAt(random.nextInt(of.length())));
    }
    return changed.toString();
  }

  /** Printable ASCII without the full stop. */
  private static String characters() {
    return String.join(
        "",
        IntStream.rangeClosed('!', '~')
            .filter(it -> it != '.')
            .mapToObj(Character::toString)
            .toList());
  }
}
