package io.smartdoor.fidelity;

import io.smartdoor.infra.testing.LocalAws;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;

/** An AWS that runs on this machine. */
enum Emulator {
  MINISTACK("MiniStack 1.5.33", "/_ministack/health"),
  LOCALSTACK("LocalStack 4.14.0", "/_localstack/health");

  private final String title;
  private final String health;

  Emulator(String title, String health) {
    this.title = title;
    this.health = health;
  }

  static Emulator at(URI endpoint) throws IOException, InterruptedException {
    try (var http = HttpClient.newHttpClient()) {
      for (var emulator : values()) {
        var request = HttpRequest.newBuilder(endpoint.resolve(emulator.health)).build();
        if (http.send(request, BodyHandlers.discarding()).statusCode() == 200) {
          return emulator;
        }
      }
    }
    throw new IllegalStateException("expected MiniStack or LocalStack at " + endpoint);
  }

  /** The one on which tests start a SmartDoor. */
  static Emulator ofSystemTests() {
    return LocalAws.isOnLocalStack() ? LOCALSTACK : MINISTACK;
  }

  String title() {
    return title;
  }
}
