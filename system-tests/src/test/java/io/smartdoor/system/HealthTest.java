package io.smartdoor.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HealthTest {

  /** What is found is remembered for 5 s; a look takes 2 s at most. */
  private static final Duration SOON = Duration.ofSeconds(20);

  private static final HttpClient HTTP = HttpClient.newHttpClient();

  @Test
  void aServiceWithoutAwsIsAliveButNotReadyAndReadyAgainWithIt(@TempDir Path home) {
    assumeTrue(SmartDoor.startsItsEmulator(), "the AWS is not its own to stop");
    try (var smartDoor = SmartDoor.in(home).up()) {
      var services =
          Repository.SERVICES.stream().map(it -> smartDoor.address(it + "-service")).toList();
      assertThat(services)
          .allMatch(it -> answer(it, "liveness") == 200)
          .allMatch(it -> answer(it, "readiness") == 200)
          .allMatch(it -> answer(it, "startup") == 200);

      try (var _ = smartDoor.paused("emulator")) {
        for (var service : services) {
          await().atMost(SOON).until(() -> answer(service, "readiness") == 503);
          assertThat(answer(service, "liveness")).isEqualTo(200);
          assertThat(answer(service, "startup")).isEqualTo(200);
        }
      }

      for (var service : services) {
        await().atMost(SOON).until(() -> answer(service, "readiness") == 200);
      }
    }
  }

  private static int answer(String service, String group) {
    var request =
        HttpRequest.newBuilder(URI.create(service + "/actuator/health/" + group))
            .timeout(SOON)
            .build();
    try {
      return HTTP.send(request, BodyHandlers.discarding()).statusCode();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }
}
