package io.smartdoor.proof;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Clock;
import java.time.Duration;
import java.util.Set;
import tools.jackson.databind.json.JsonMapper;

/** A door, who lives behind it, and whose phone hears of it; registered over the HTTP APIs. */
record Household(Door door, Set<String> recipients) {

  static final String STORE = "keypad";
  static final String CREDENTIAL = "4711";

  private static final String RECIPIENT = "me";
  private static final String RESIDENT = "anna";
  private static final String DOOR = "front-door";
  private static final Duration LIMIT = Duration.ofSeconds(20);

  static Household register(
      Fleet fleet, HttpClient http, Clock clock, String adminToken, Requests log)
      throws InterruptedException {
    var admin = new Admin(fleet, http, adminToken);
    var door =
        admin.ask(
            Fleet.LOCK,
            "POST",
            "/v1/doors",
            "{\"id\":\"%s\",\"name\":\"Front door\"}".formatted(DOOR));
    admin.ask(Checker.NOTIFICATION, "PUT", "/v1/recipients/" + RECIPIENT, "{}");
    admin.ask(
        Checker.NOTIFICATION,
        "PUT",
        "/v1/people/residents/" + RESIDENT,
        "{\"display-name\":\"Anna\"}");
    admin.ask(
        Checker.IDENTIFICATION,
        "PUT",
        "/v1/residents/" + RESIDENT,
        "{\"credentials\":[{\"store\":\"%s\",\"id\":\"%s\"}]}".formatted(STORE, CREDENTIAL));
    var secret = JsonMapper.shared().readTree(door).path("secret").stringValue();
    return new Household(new Door(http, clock, DOOR, secret, log), Set.of(RECIPIENT));
  }

  private record Admin(Fleet fleet, HttpClient http, String token) {

    String ask(String service, String method, String path, String body)
        throws InterruptedException {
      URI instance = fleet.addressesOf(service).getFirst();
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
}
