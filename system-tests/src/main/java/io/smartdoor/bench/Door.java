package io.smartdoor.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A door that signs what it tells.
 *
 * @param secret as the lock service shows it once, {@code whsec_…}
 */
record Door(String id, String secret) {

  /** How long a door waits for its answer. */
  static final Duration PATIENCE = Duration.ofSeconds(5);

  private static final String PREFIX = "whsec_";

  /** The webhook that tells of {@code opening}, to whoever takes its place. */
  HttpRequest webhook(URI lock, Opening opening) {
    return webhook(lock, opening.key().toString(), opening.at(), opening.body());
  }

  HttpRequest webhook(URI lock, String webhookId, Instant at, byte[] body) {
    var timestamp = at.getEpochSecond();
    return HttpRequest.newBuilder(lock.resolve("/v1/doors/%s/events".formatted(id)))
        .timeout(PATIENCE)
        .header("content-type", "application/json")
        .header("webhook-id", webhookId)
        .header("webhook-timestamp", Long.toString(timestamp))
        .header("webhook-signature", "v1," + signature(webhookId, timestamp, body))
        .POST(BodyPublishers.ofByteArray(body))
        .build();
  }

  private String signature(String webhookId, long timestamp, byte[] body) {
    try {
      var key = Base64.getDecoder().decode(secret.substring(PREFIX.length()));
      var mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      mac.update("%s.%d.".formatted(webhookId, timestamp).getBytes(UTF_8));
      return Base64.getEncoder().encodeToString(mac.doFinal(body));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has HmacSHA256", e);
    }
  }
}
