package io.smartdoor.proof;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.json.JsonMapper;

/** Doors, who lives behind them, and whose phones hear of them; registered over the HTTP APIs. */
record Household(List<Door> doors, Set<Recipient> recipients) {

  static final String STORE = "keypad";
  static final String CREDENTIAL = "4711";
  static final String UNKNOWN_CREDENTIAL = "0000";

  private static final String RESIDENT = "anna";
  private static final Duration LIMIT = Duration.ofSeconds(20);

  /**
   * @param doors how many
   * @param patience of a door, for one answer
   */
  static Household register(
      Fleet fleet,
      HttpClient http,
      Clock clock,
      String adminToken,
      Requests log,
      int doors,
      Duration patience,
      Set<Recipient> recipients)
      throws InterruptedException {
    var admin = new Admin(fleet, http, adminToken);
    var registered = new ArrayList<Door>();
    for (var i = 0; i < doors; i++) {
      var id = "door-" + i;
      var answer =
          admin.ask(
              Fleet.LOCK,
              "POST",
              "/v1/doors",
              "{\"id\":\"%s\",\"name\":\"Door %d\"}".formatted(id, i));
      var secret = JsonMapper.shared().readTree(answer).path("secret").stringValue();
      registered.add(new Door(http, clock, id, secret, patience, log));
    }
    for (var recipient : recipients) {
      admin.ask(
          Checker.NOTIFICATION,
          "PUT",
          "/v1/recipients/" + recipient.name(),
          "{\"include-closed\":%s}".formatted(recipient.hearsOfClosing()));
    }
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
    return new Household(List.copyOf(registered), Set.copyOf(recipients));
  }

  /** The one that is asked where it does not matter which. */
  Door door() {
    return doors.getFirst();
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
