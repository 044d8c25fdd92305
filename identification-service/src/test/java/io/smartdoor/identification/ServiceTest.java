package io.smartdoor.identification;

import io.smartdoor.infra.testing.LocalAws;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** The whole service on a port of its own, on a local AWS with its stacks. */
@SpringBootTest(
    webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
    properties = {
      "smartdoor.admin.token=" + ServiceTest.TOKEN,
      "smartdoor.log.format=terminal",
      // A second copy of an event waits for the first one's lease.
      "smartdoor.messaging.lease=3s"
    })
public abstract class ServiceTest {

  protected static final LocalAws AWS = LocalAws.withStacks("identification");

  static final String TOKEN = "an-admin-token-for-tests";

  private final HttpClient http = HttpClient.newHttpClient();

  @LocalServerPort private int port;

  @DynamicPropertySource
  static void aws(DynamicPropertyRegistry registry) {
    AWS.asProperties().forEach((name, value) -> registry.add(name, () -> value));
  }

  protected final HttpResponse<String> get(String path) throws Exception {
    return send(request(path));
  }

  protected final HttpResponse<String> delete(String path) throws Exception {
    return send(request(path).DELETE());
  }

  protected final HttpResponse<String> put(String path, String body) throws Exception {
    return send(
        request(path)
            .header("Content-Type", "application/json")
            .PUT(BodyPublishers.ofString(body)));
  }

  /** A request by somebody with the admin token. */
  protected final HttpRequest.Builder request(String path) {
    return anonymousRequest(path).header("Authorization", "Bearer " + TOKEN);
  }

  protected final HttpRequest.Builder anonymousRequest(String path) {
    return HttpRequest.newBuilder(URI.create("http://localhost:%d%s".formatted(port, path)));
  }

  protected final HttpResponse<String> send(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return http.send(request.build(), BodyHandlers.ofString());
  }
}
