package io.smartdoor.bench;

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
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import tools.jackson.databind.json.JsonMapper;

/** Registers doors and people over the services' own APIs. */
record Household(HttpClient http, String adminToken, Clock clock) {

  /** Who hears of all doors. */
  static final String RECIPIENT = "me";

  private static final String RESIDENT = "anna";
  private static final Duration LIMIT = Duration.ofSeconds(20);

  /** Registrations at the same time. */
  private static final int AT_ONCE = 16;

  /** Doors from a number on, up to another; known to the service as after their first report. */
  List<Door> doors(URI lock, int from, int to) throws InterruptedException {
    try (var threads = Executors.newFixedThreadPool(AT_ONCE, Thread.ofVirtual().factory())) {
      var registered =
          IntStream.range(from, to)
              .mapToObj(i -> threads.submit(() -> meet(lock, door(lock, i))))
              .toList();
      var doors = new ArrayList<Door>();
      for (var one : registered) {
        doors.add(one.get());
      }
      return doors;
    } catch (ExecutionException e) {
      throw new IllegalStateException("expected doors to be registered", e.getCause());
    }
  }

  private Door door(URI lock, int number) throws InterruptedException {
    var id = "door-%05d".formatted(number);
    var answer =
        ask(lock, "POST", "/v1/doors", "{\"id\":\"%s\",\"name\":\"Front door\"}".formatted(id));
    return new Door(id, JsonMapper.shared().readTree(answer).path("secret").stringValue());
  }

  /** A signed request that is refused for its body: the service has looked the door up by then. */
  private Door meet(URI lock, Door door) throws InterruptedException {
    var request = door.webhook(lock, "hello", clock.instant(), new byte[] {'{', '}'});
    var status = send(request).status();
    if (status != 400) {
      throw new IllegalStateException("expected an empty report to be refused, found " + status);
    }
    return door;
  }

  void recipient(URI notification) throws InterruptedException {
    ask(notification, "PUT", "/v1/recipients/" + RECIPIENT, "{}");
  }

  /** Somebody who opens doors by a credential, and whom the phones know by name. */
  void resident(URI notification, URI identification) throws InterruptedException {
    ask(notification, "PUT", "/v1/people/residents/" + RESIDENT, "{\"display-name\":\"Anna\"}");
    ask(
        identification,
        "PUT",
        "/v1/residents/" + RESIDENT,
        "{\"credentials\":[{\"store\":\"%s\",\"id\":\"%s\"}]}"
            .formatted(Opening.STORE, Opening.CREDENTIAL));
  }

  private record Answer(int status, String body) {}

  private String ask(URI service, String method, String path, String body)
      throws InterruptedException {
    var answer =
        send(
            HttpRequest.newBuilder(service.resolve(path))
                .timeout(LIMIT)
                .header("authorization", "Bearer " + adminToken)
                .header("content-type", "application/json")
                .method(method, BodyPublishers.ofString(body))
                .build());
    if (answer.status() / 100 != 2) {
      throw new IllegalStateException(
          "expected %s %s to succeed, found %d %s"
              .formatted(method, path, answer.status(), answer.body()));
    }
    return answer.body();
  }

  private Answer send(HttpRequest request) throws InterruptedException {
    try {
      var answer = http.send(request, BodyHandlers.ofString());
      return new Answer(answer.statusCode(), answer.body());
    } catch (IOException e) {
      throw new IllegalStateException("expected an answer to " + request, e);
    }
  }
}
