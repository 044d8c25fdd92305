package io.smartdoor.notification;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The service's HTTP API, as a client with the admin token sees it. Whatever it answers is held
 * against its own OpenAPI document.
 */
final class Api {

  static final String ADMIN_TOKEN = "the-admin-token-of-the-tests";

  private static final JsonMapper JSON = new JsonMapper();
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  /** An answer, its body parsed; empty bodies are missing nodes. */
  record Answer(int status, JsonNode body, Optional<String> type) {

    Answer expect(int expected) {
      assertThat(status).as(body.toString()).isEqualTo(expected);
      return this;
    }

    /** Expects a 400 that names {@code field} alone. */
    void expectRefusalOf(String field) {
      expect(400);
      assertThat(body.path("errors").size()).as(body.toString()).isEqualTo(1);
      assertThat(body.at("/errors/0/field").stringValue()).isEqualTo(field);
    }
  }

  private final URI base;
  private final JsonNode document;

  Api(int port) {
    base = URI.create("http://127.0.0.1:" + port);
    document = JSON.readTree(exchange(request("/v3/api-docs").GET()).body());
  }

  JsonNode document() {
    return document;
  }

  Answer get(String path) {
    return send("GET", path, Optional.empty());
  }

  Answer put(String path, String body) {
    return send("PUT", path, Optional.of(body));
  }

  Answer put(String path) {
    return send("PUT", path, Optional.empty());
  }

  Answer post(String path) {
    return send("POST", path, Optional.empty());
  }

  Answer delete(String path) {
    return send("DELETE", path, Optional.empty());
  }

  /** As somebody without a token would. */
  Answer sendUnauthorized(String method, String path) {
    return described(method, path, exchange(request(path).method(method, BodyPublishers.noBody())));
  }

  private Answer send(String method, String path, Optional<String> body) {
    var request = request(path).header("Authorization", "Bearer " + ADMIN_TOKEN);
    body.ifPresent(_ -> request.header("Content-Type", "application/json"));
    request.method(method, body.map(BodyPublishers::ofString).orElse(BodyPublishers.noBody()));
    return described(method, path, exchange(request));
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(base.resolve(path));
  }

  private static HttpResponse<String> exchange(HttpRequest.Builder request) {
    try {
      return CLIENT.send(request.build(), BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for an answer", e);
    }
  }

  /** Fails unless the document promises this answer. */
  private Answer described(String method, String path, HttpResponse<String> response) {
    var what = "%s %s answered %d".formatted(method, path, response.statusCode());
    var promised =
        operation(method, path).path("responses").path(String.valueOf(response.statusCode()));
    assertThat(promised.isObject()).as(what).isTrue();
    var type = response.headers().firstValue("Content-Type");
    if (response.body().isEmpty()) {
      assertThat(promised.has("content")).as(what + " without a body").isFalse();
      return new Answer(response.statusCode(), JSON.missingNode(), type);
    }
    var content = promised.path("content").path(type.orElse("no content type"));
    assertThat(content.isObject()).as(what + " with " + type).isTrue();
    assertThat(errors(content.path("schema"), response.body()))
        .as(what + " with " + response.body())
        .isEmpty();
    return new Answer(response.statusCode(), JSON.readTree(response.body()), type);
  }

  private JsonNode operation(String method, String path) {
    var withoutQuery = path.replaceFirst("\\?.*", "");
    return document
        .path("paths")
        .propertyStream()
        .filter(template -> isOf(template.getKey(), withoutQuery))
        .map(template -> template.getValue().path(method.toLowerCase(Locale.ROOT)))
        .findFirst()
        .orElseThrow(() -> new AssertionError("the document has no path " + path));
  }

  private static boolean isOf(String template, String path) {
    return Pattern.matches(template.replaceAll("\\{[^}]+}", "[^/]+"), path);
  }

  /** The document's components stand beside the schema, so that its references resolve. */
  private Iterable<?> errors(JsonNode schema, String body) {
    var whole = (ObjectNode) schema.deepCopy();
    whole.set("components", document.path("components"));
    return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
        .getSchema(whole.toString(), InputFormat.JSON)
        .validate(
            body, InputFormat.JSON, it -> it.executionConfig(c -> c.formatAssertionsEnabled(true)));
  }
}
