package io.smartdoor.lock;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Calls the service as its administrator and as its doors do. Every answer is held against the
 * document.
 */
final class LockApi {

  static final String TOKEN = "an-admin-token-for-tests";

  private static final JsonMapper JSON = new JsonMapper();

  private final HttpClient client = HttpClient.newHttpClient();
  private final String base;
  private final ApiDocument document;

  LockApi(int port) throws IOException, InterruptedException {
    base = "http://127.0.0.1:" + port;
    document =
        new ApiDocument(
            client
                .send(
                    HttpRequest.newBuilder(URI.create(base + "/v3/api-docs")).build(),
                    BodyHandlers.ofString())
                .body());
  }

  ApiDocument document() {
    return document;
  }

  /** A door that was registered just now. */
  record Registered(String id, String secret) {}

  Registered register() throws Exception {
    var id = "door-" + UUID.randomUUID();
    var response = post("/v1/doors", "{\"id\": \"%s\", \"name\": \"Front door\"}".formatted(id));
    return new Registered(id, json(response).at("/secret").stringValue());
  }

  HttpResponse<String> get(String path) throws Exception {
    return send(authorized(path));
  }

  HttpResponse<String> post(String path, String body) throws Exception {
    return send(
        authorized(path)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body)));
  }

  HttpResponse<String> delete(String path) throws Exception {
    return send(authorized(path).DELETE());
  }

  /** What this door says, signed as it signs. */
  Webhook webhook(Registered door, String body) {
    return new Webhook(door, body.getBytes(StandardCharsets.UTF_8), "POST", "application/json");
  }

  /** What this door saw, signed as it signs, and called by a UUID of its own. */
  Webhook snapshot(Registered door, byte[] picture, String mediaType) {
    return new Webhook(door, picture, "PUT", mediaType);
  }

  HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
    var response = client.send(request.build(), BodyHandlers.ofString());
    document.check(response);
    return response;
  }

  /** What no document of the API mentions. */
  boolean isReady() throws IOException, InterruptedException {
    return isUp("readiness");
  }

  /** What a load balancer asks. */
  boolean isStarted() throws IOException, InterruptedException {
    return isUp("startup");
  }

  private boolean isUp(String group) throws IOException, InterruptedException {
    var request = request("/actuator/health/" + group).build();
    return client.send(request, BodyHandlers.discarding()).statusCode() == 200;
  }

  HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(base + path));
  }

  private HttpRequest.Builder authorized(String path) {
    return request(path).header("Authorization", "Bearer " + TOKEN);
  }

  static JsonNode json(HttpResponse<String> response) {
    return JSON.readTree(response.body());
  }

  /** A signed request that is right in every respect, until a test changes one. */
  final class Webhook {

    private final Registered door;
    private final byte[] body;
    private final Map<String, String> headers = new HashMap<>();
    private String id = UUID.randomUUID().toString();
    private String timestamp = String.valueOf(Instant.now().getEpochSecond());
    private final String method;
    private String to;
    private @Nullable String named;
    private BodyPublisher publisher;

    private Webhook(Registered door, byte[] body, String method, String mediaType) {
      this.door = door;
      this.body = body;
      this.method = method;
      this.publisher = BodyPublishers.ofByteArray(this.body);
      this.to = door.id();
      headers.put("Content-Type", mediaType);
    }

    Webhook id(String id) {
      this.id = id;
      return this;
    }

    Webhook sentAt(Instant at) {
      timestamp = String.valueOf(at.getEpochSecond());
      return this;
    }

    Webhook timestamp(String timestamp) {
      this.timestamp = timestamp;
      return this;
    }

    Webhook to(String door) {
      to = door;
      return this;
    }

    /** The picture's name in the path, whatever was signed. */
    Webhook named(String snapshot) {
      named = snapshot;
      return this;
    }

    private String path() {
      return "/v1/doors/%s/%s"
          .formatted(
              to, method.equals("PUT") ? "snapshots/" + (named == null ? id : named) : "events");
    }

    /** Sent as it is, whatever was signed. */
    Webhook header(String name, String value) {
      headers.put(name, value);
      return this;
    }

    Webhook without(String name) {
      return header(name, "");
    }

    /** No length declared beforehand. */
    Webhook chunked() {
      publisher = BodyPublishers.fromPublisher(BodyPublishers.ofByteArray(body));
      return this;
    }

    HttpResponse<String> send() throws Exception {
      var all = new HashMap<>(Map.of("webhook-id", id, "webhook-timestamp", timestamp));
      all.put("webhook-signature", signature());
      all.putAll(headers);
      var request = request(path()).method(method, publisher);
      all.forEach((name, value) -> {
        if (!value.isEmpty()) {
          request.header(name, value);
        }
      });
      return LockApi.this.send(request);
    }

    private String signature() throws GeneralSecurityException {
      var key = Base64.getDecoder().decode(door.secret().substring("whsec_".length()));
      var mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      mac.update("%s.%s.".formatted(id, timestamp).getBytes(StandardCharsets.UTF_8));
      return "v1," + Base64.getEncoder().encodeToString(mac.doFinal(body));
    }
  }
}
