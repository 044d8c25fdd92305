package io.smartdoor.lock.webhook;

import io.smartdoor.lock.door.DoorKey;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;

/**
 * Version {@code v1} of Standard Webhooks (https://www.standardwebhooks.com): HMAC-SHA256 over
 * {@code id.timestamp.body}, in base64.
 */
final class WebhookSignature {

  /** How far apart the clocks of a door and of this service may be, transport included. */
  static final Duration TOLERANCE = Duration.ofMinutes(5);

  private static final String VERSION = "v1,";

  private WebhookSignature() {}

  /** Whether a webhook that was sent then is too old, or too new, to be believed. */
  static boolean isOutOfTime(Instant sentAt, Instant now) {
    return Duration.between(sentAt, now).abs().compareTo(TOLERANCE) > 0;
  }

  /**
   * Whether one of the signatures is by {@code key}, over {@code body} as it came. Those of other
   * versions are ignored. Takes as long whichever it is, and however much of it is right.
   */
  static boolean matches(WebhookHeaders headers, byte[] body, DoorKey key) {
    var expected = expected(headers, body, key);
    var matches = false;
    for (var signature : headers.signatures()) {
      matches |= MessageDigest.isEqual(expected, signature.getBytes(StandardCharsets.UTF_8));
    }
    return matches;
  }

  private static byte[] expected(WebhookHeaders headers, byte[] body, DoorKey key) {
    var prefix = "%s.%s.".formatted(headers.id(), headers.timestamp());
    var signature = key.sign(prefix.getBytes(StandardCharsets.US_ASCII), body);
    return (VERSION + Base64.getEncoder().encodeToString(signature))
        .getBytes(StandardCharsets.US_ASCII);
  }
}
