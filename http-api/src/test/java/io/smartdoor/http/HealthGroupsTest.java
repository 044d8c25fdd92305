package io.smartdoor.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Bean;

/** A service that has never had what it needs of AWS. */
@SpringBootTest(
    webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
    properties = "smartdoor.admin.token=" + HttpApiTest.TOKEN)
class HealthGroupsTest {

  @TestConfiguration
  static class WithoutAws {

    @Bean
    AwsNeed table() {
      return _ -> {
        throw new IllegalStateException("connection refused");
      };
    }
  }

  @LocalServerPort private int port;

  @ParameterizedTest
  @CsvSource({"liveness, 200", "readiness, 503", "startup, 503"})
  void isAliveAndNeitherStartedNorReady(String group, int status) throws Exception {
    var address = "http://127.0.0.1:%d/actuator/health/%s".formatted(port, group);
    try (var http = HttpClient.newHttpClient()) {
      var request = HttpRequest.newBuilder(URI.create(address)).build();
      assertThat(http.send(request, BodyHandlers.discarding()).statusCode()).isEqualTo(status);
    }
  }
}
