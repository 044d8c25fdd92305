package io.smartdoor.proof;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.smartdoor.events.IdempotencyKey;
import io.smartdoor.proof.Webhook.Answer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A door as a real one behaves: it signs what it sends, and sends it again under the same key until
 * somebody takes it.
 */
final class Door {

  private static final long PAUSE_MILLIS = 50;
  private static final long LONGEST_PAUSE_MILLIS = 2000;

  private final HttpClient http;
  private final Clock clock;
  private final String id;
  private final byte[] secret;
  private final Duration patience;
  private final Requests log;

  /**
   * @param secret as the lock service shows it once, {@code whsec_…}
   * @param patience for one answer
   * @param log of everything it asks
   */
  Door(HttpClient http, Clock clock, String id, String secret, Duration patience, Requests log) {
    this.http = http;
    this.clock = clock;
    this.id = id;
    this.secret = Base64.getDecoder().decode(secret.substring("whsec_".length()));
    this.patience = patience;
    this.log = log;
  }

  String id() {
    return id;
  }

  /**
   * Sends until there is an answer that is none of the server's troubles, to one instance after
   * another.
   *
   * @param at when it happened: the same report has the same time
   * @param instances those that can be asked at this moment
   * @param first which of those is asked first
   * @return empty where there was none within the limit
   */
  Optional<Answer> report(
      IdempotencyKey key,
      Opening opening,
      Instant at,
      Supplier<List<URI>> instances,
      int first,
      Duration limit)
      throws InterruptedException {
    var body = body(opening, at);
    var end = System.nanoTime() + limit.toNanos();
    for (var attempt = 0; System.nanoTime() < end; attempt++) {
      var those = instances.get();
      if (!those.isEmpty()) { // else the last one has just been killed
        var answer = send(key, opening, body, those.get((first + attempt) % those.size()));
        if (answer.filter(it -> !it.passing()).isPresent()) {
          return answer;
        }
      }
      TimeUnit.MILLISECONDS.sleep(Math.min(attempt * PAUSE_MILLIS, LONGEST_PAUSE_MILLIS));
    }
    return Optional.empty();
  }

  /** Sends once, as a door does that loses its power. */
  Optional<Answer> reportOnce(IdempotencyKey key, Opening opening, Instant at, URI instance)
      throws InterruptedException {
    return send(key, opening, body(opening, at), instance);
  }

  /**
   * Sends a picture once.
   *
   * @param picture a JPEG
   * @return the status that it was answered; empty where there was no answer
   */
  OptionalInt photograph(IdempotencyKey snapshot, byte[] picture, URI instance)
      throws InterruptedException {
    var timestamp = clock.instant().getEpochSecond();
    var request =
        HttpRequest.newBuilder(
                instance.resolve("/v1/doors/%s/snapshots/%s".formatted(id, snapshot)))
            .timeout(patience)
            .header("content-type", "image/jpeg")
            .header("webhook-id", snapshot.toString())
            .header("webhook-timestamp", Long.toString(timestamp))
            .header("webhook-signature", "v1," + signature(snapshot, timestamp, picture))
            .PUT(BodyPublishers.ofByteArray(picture))
            .build();
    try {
      return OptionalInt.of(http.send(request, BodyHandlers.discarding()).statusCode());
    } catch (IOException _) {
      return OptionalInt.empty();
    }
  }

  private static byte[] body(Opening opening, Instant at) {
    var who =
        opening
            .credential()
            .map(it -> ",\"user\":{\"store\":\"%s\",\"id\":\"%s\"}".formatted(Household.STORE, it))
            .orElse("");
    return "{\"state\":\"%s\",\"occurred-at\":\"%s\"%s}"
        .formatted(opening.state().text(), at.truncatedTo(ChronoUnit.MILLIS), who)
        .getBytes(UTF_8);
  }

  private Optional<Answer> send(IdempotencyKey key, Opening opening, byte[] body, URI instance)
      throws InterruptedException {
    var timestamp = clock.instant().getEpochSecond();
    var request =
        HttpRequest.newBuilder(instance.resolve("/v1/doors/%s/events".formatted(id)))
            .timeout(patience)
            .header("content-type", "application/json")
            .header("webhook-id", key.toString())
            .header("webhook-timestamp", Long.toString(timestamp))
            .header("webhook-signature", "v1," + signature(key, timestamp, body))
            .POST(BodyPublishers.ofByteArray(body))
            .build();
    Optional<Answer> answer;
    try {
      var response = http.send(request, BodyHandlers.ofString());
      answer = Optional.of(new Answer(response.statusCode(), response.body()));
    } catch (IOException e) {
      answer = Optional.empty();
    }
    log.add(new Webhook(key, id, opening, answer));
    return answer;
  }

  private String signature(IdempotencyKey key, long timestamp, byte[] body) {
    try {
      var mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret, "HmacSHA256"));
      mac.update("%s.%d.".formatted(key, timestamp).getBytes(UTF_8));
      return Base64.getEncoder().encodeToString(mac.doFinal(body));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has HmacSHA256", e);
    }
  }
}
