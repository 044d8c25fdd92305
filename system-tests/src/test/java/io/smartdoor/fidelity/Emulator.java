package io.smartdoor.fidelity;

import io.smartdoor.infra.testing.LocalAws;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import tools.jackson.databind.json.JsonMapper;

/** An AWS that runs on this machine, in the version that this repository asks for. */
enum Emulator {
  MINISTACK(
      "MiniStack",
      "/_ministack/health",
      Path.of("..", "infra", "emulator", "requirements.txt"),
      Pattern.compile("(?m)^ministack==(\\S+)")),
  LOCALSTACK(
      "LocalStack",
      "/_localstack/health",
      Path.of("..", "docker-compose.yml"),
      Pattern.compile("(?m)^ +image: localstack/localstack:(\\S+)$"));

  private final String product;
  private final String health;
  private final String version;

  Emulator(String product, String health, Path file, Pattern version) {
    this.product = product;
    this.health = health;
    this.version = found(version, file);
  }

  /**
   * The one that answers there.
   *
   * @throws IllegalStateException if it is none of them, or of another version: what
   *     docs/fidelity.md says is said of this one
   */
  static Emulator at(URI endpoint) throws IOException, InterruptedException {
    try (var http = HttpClient.newHttpClient()) {
      for (var emulator : values()) {
        var request = HttpRequest.newBuilder(endpoint.resolve(emulator.health)).build();
        var answer = http.send(request, BodyHandlers.ofString());
        if (answer.statusCode() == 200) {
          emulator.require(answer.body());
          return emulator;
        }
      }
    }
    throw new IllegalStateException("expected MiniStack or LocalStack at " + endpoint);
  }

  /**
   * @param health what it said of itself
   * @throws IllegalStateException if that is another version
   */
  void require(String health) {
    var found = JsonMapper.shared().readTree(health).path("version").asString("none");
    if (!found.equals(version)) {
      throw new IllegalStateException("expected %s, found version %s".formatted(title(), found));
    }
  }

  /** The one on which tests start a SmartDoor. */
  static Emulator ofSystemTests() {
    return LocalAws.isOnLocalStack() ? LOCALSTACK : MINISTACK;
  }

  String title() {
    return product + " " + version;
  }

  private static String found(Pattern version, Path file) {
    try {
      var matcher = version.matcher(Files.readString(file));
      if (!matcher.find()) {
        throw new IllegalStateException("expected %s in %s, found none".formatted(version, file));
      }
      return matcher.group(1);
    } catch (IOException e) {
      throw new IllegalStateException("expected to read " + file, e);
    }
  }
}
