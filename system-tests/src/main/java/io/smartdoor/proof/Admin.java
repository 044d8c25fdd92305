package io.smartdoor.proof;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.function.Function;

/**
 * Whoever holds the admin token, and asks services over their HTTP APIs.
 *
 * @param whereIs an instance of a service that works
 */
record Admin(Function<String, URI> whereIs, HttpClient http, String token) {

  private static final Duration LIMIT = Duration.ofSeconds(20);

  /**
   * Asks a service, {@code lock}, say, and returns the answer's body.
   *
   * @throws IllegalStateException if the answer is not 2xx
   */
  String ask(String service, String method, String path, String body) throws InterruptedException {
    var instance = whereIs.apply(service);
    var request =
        HttpRequest.newBuilder(instance.resolve(path))
            .timeout(LIMIT)
            .header("authorization", "Bearer " + token)
            .header("content-type", "application/json")
            .method(method, BodyPublishers.ofString(body))
            .build();
    try {
      var answer = http.send(request, BodyHandlers.ofString());
      if (answer.statusCode() / 100 != 2) {
        throw new IllegalStateException(
            "expected %s to do %s %s, found %d %s"
                .formatted(service, method, path, answer.statusCode(), answer.body()));
      }
      return answer.body();
    } catch (IOException e) {
      throw new IllegalStateException(
          "expected %s to answer %s %s".formatted(service, method, path), e);
    }
  }
}
