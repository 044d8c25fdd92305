package io.smartdoor.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.test.web.server.LocalServerPort;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@SpringBootTest(
    webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
    properties = {
      "smartdoor.admin.token=" + HttpApiTest.TOKEN,
      "spring.application.name=things",
      // Tests have it off.
      "management.prometheus.metrics.export.enabled=true"
    })
@ExtendWith(OutputCaptureExtension.class)
class HttpApiTest {

  static final String TOKEN = "0123456789abcdef";

  private static final JsonMapper JSON = new JsonMapper();

  @LocalServerPort private int port;

  private final HttpClient client = HttpClient.newHttpClient();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/v1/things/a",
        "/nowhere",
        "/",
        "/actuator",
        "/actuator/metrics",
        "/actuator/prometheus",
        "/actuator/health/liveness/x",
        "/actuator/health/startup/x",
        "/error",
        "/v3/api-docs.yaml",
        "/actuator/health/../metrics",
        "/actuator/health;x=/../../v1/things/a",
        "/v1/things/a/events"
      })
  void wantsTheAdminTokenForEverything(String path) throws Exception {
    var response = send(request(path));

    assertProblem(response, 401);
    assertThat(response.headers().firstValue("WWW-Authenticate")).hasValue("Bearer");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Bearer wrong-wrong-wrong-wrong",
        "Bearer ",
        "Basic " + TOKEN,
        TOKEN,
        "Bearer 0123456789abcde",
        "Bearer " + TOKEN + "x"
      })
  void refusesAnyOtherToken(String authorization) throws Exception {
    assertProblem(send(request("/v1/things/a").header("Authorization", authorization)), 401);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/actuator/health",
        "/actuator/health/liveness",
        "/actuator/health/readiness",
        "/actuator/health/startup",
        "/v3/api-docs"
      })
  void answersWithoutTokenWhatIsOpen(String path) throws Exception {
    assertThat(send(request(path)).statusCode()).isEqualTo(200);
  }

  @Test
  void healthSaysNoMoreThanUp() throws Exception {
    assertThat(json(send(request("/actuator/health"))).properties())
        .extracting(it -> it.getKey())
        .contains("status")
        .doesNotContain("components");
  }

  @Test
  void showsItsMetricsToAPrometheusThatHasTheToken() throws Exception {
    var metrics = send(request("/actuator/prometheus").header("Authorization", "Bearer " + TOKEN));

    assertThat(metrics.statusCode()).isEqualTo(200);
    assertThat(metrics.body())
        .contains("# TYPE http_server_requests_seconds", "jvm_memory_used_bytes");
  }

  @Test
  void anOpenEndpointIsOpenForItsMethodOnly() throws Exception {
    var posted =
        send(
            request("/v1/things/a/events")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{}")));

    assertThat(posted.statusCode()).isEqualTo(200);
    assertProblem(send(request("/v1/things/a/events").DELETE()), 401);
  }

  @Test
  void writesKebabCaseAndLeavesOutWhatIsAbsent() throws Exception {
    var response = post("{\"thing-id\": \"a\"}");

    assertThat(response.statusCode()).isEqualTo(201);
    assertThat(response.body()).isEqualTo("{\"thing-id\":\"a\",\"spare-parts\":[]}");
    assertThat(response.headers().firstValue("Server")).isEmpty();
    assertThat(response.headers().firstValue("Cache-Control")).hasValue("no-store");
    assertThat(post("{\"thing-id\": \"a\", \"made-at\": \"2026-01-31T13:00:00.5+01:00\"}").body())
        .contains("\"made-at\":\"2026-01-31T12:00:00.500Z\"");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"thing-id": 7}                                     | thing-id                  | expected a string
          {"thing-id": true}                                  | thing-id                  | expected a string
          {"thing-id": ["a"]}                                 | thing-id                  | expected a string
          {"thing-id": "a", "made-at": "yesterday"}           | made-at                   | expected a time such as
          {"thing-id": "a", "is-new": {}}                     | is-new                    | expected true or false
          {"thing-id": "a", "is-new": 0}                      | is-new                    | expected true or false
          {"thing-id": "a", "is-new": 1.0}                    | is-new                    | expected true or false
          {"thing-id": "a", "is-new": "true"}                 | is-new                    | expected true or false
          {"thing-id": "a", "is-new": ""}                     | is-new                    | expected true or false
          {"thing-id": "a", "spare-parts": {}}                | spare-parts               | expected an array
          {"thing-id": "a", "spare-parts": [{}, {"count": "x"}]} | spare-parts[1].count   | expected an integer
          {"thing-id": "a", "spare-parts": [{"part-name": 1}]} | spare-parts[0].part-name | expected a string
          {"thing-id": "a", "spare-parts": ["x"]}             | spare-parts[0]            | expected an object
          {"thing-id": "a", "thingId": "a"}                   | thingId                   | is not known
          {"thing-id": "A"}                                   | thing-id                  | expected letters, found "A"
          {"thing-id": null}                                  | thing-id                  | is missing
          {}                                                  | thing-id                  | is missing
          """)
  void namesTheFieldThatIsWrong(String body, String field, String problem) throws Exception {
    var error = assertProblem(post(body), 400).at("/errors/0");

    assertThat(error.at("/field").stringValue()).isEqualTo(field);
    assertThat(error.at("/problem").stringValue()).startsWith(problem);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "null",
        "[]",
        "7",
        "{\"thing-id\": \"a\"} x",
        "{\"thing-id\": \"a\", \"thing-id\": \"b\"}"
      })
  void refusesABodyThatIsNoJsonObject(String body) throws Exception {
    var problem = assertProblem(post(body), 400);

    assertThat(problem.at("/detail").stringValue()).doesNotContain("Source", "java", "tools");
  }

  @Test
  void takesNoBodyWhereItIsOptionalAndNullNowhere() throws Exception {
    var optional = authorized("/v1/optional").header("Content-Type", "application/json");
    assertThat(send(optional.POST(BodyPublishers.noBody())).statusCode()).isEqualTo(200);
    assertProblem(send(optional.POST(BodyPublishers.ofString("null"))), 400);
  }

  @Test
  void refusesBytesThatAreNoText() throws Exception {
    assertProblem(
        post(BodyPublishers.ofByteArray(new byte[] {'{', '"', (byte) 0xC3, '"', ':', '1', '}'})),
        400);
  }

  @Test
  void namesThePathVariableAndTheParameterThatAreWrong() throws Exception {
    var path = assertProblem(get("/v1/by-value/NO"), 400);
    var limit = assertProblem(get("/v1/things/a?limit=many"), 400);

    assertThat(path.at("/errors/0/field").stringValue()).isEqualTo("id");
    assertThat(path.at("/errors/0/problem").stringValue())
        .isEqualTo("expected letters, found \"NO\"");
    assertThat(limit.at("/errors/0/field").stringValue()).isEqualTo("limit");
    assertThat(limit.at("/detail").stringValue())
        .isEqualTo("limit: expected an integer from 1 to 100");
    assertProblem(get("/v1/things/a?limit=0"), 400);
    assertProblem(get("/v1/things/a?limit="), 400);
    assertProblem(get("/v1/things/a?limit=5&limit=5"), 400);
    assertProblem(get("/v1/things/a?=null"), 400);
    assertProblem(get("/v1/things/a?limit=%C3%28"), 400);
    assertProblem(get("/v1/things/a?limit=101"), 400);
  }

  @Test
  void refusesWithProblemsWhatHttpItselfRefuses() throws Exception {
    assertProblem(get("/nowhere"), 404);
    assertProblem(send(authorized("/nowhere").POST(BodyPublishers.noBody())), 404);
    var notAllowed = send(authorized("/v1/things/a").DELETE());
    assertProblem(notAllowed, 405);
    assertThat(notAllowed.headers().firstValue("Allow")).isPresent();
    assertProblem(send(authorized("/v1/things/a").header("Accept", "text/html")), 406);
    assertProblem(
        send(
            authorized("/v1/things")
                .header("Content-Type", "text/plain")
                .POST(BodyPublishers.ofString("{}"))),
        415);
    assertProblem(
        send(
            authorized("/v1/things")
                .header("Content-Type", "multipart/form-data")
                .POST(BodyPublishers.ofString("{}"))),
        415);
    assertProblem(send(authorized("/v1/taken/a").PUT(BodyPublishers.noBody())), 409);
  }

  @Test
  void refusesABodyAboveTheLimitWhetherItsLengthIsDeclaredOrNot() throws Exception {
    var body = "{\"thing-id\": \"%s\"}".formatted("a".repeat(64 * 1024));

    assertProblem(post(body), 413);
    var chunked = BodyPublishers.fromPublisher(BodyPublishers.ofString(body));
    assertThat(chunked.contentLength()).isNegative();
    assertProblem(post(chunked), 413);
  }

  @Test
  void explainsNothingOfWhatBrokeAndLogsItOnce(CapturedOutput output) throws Exception {
    var response = get("/v1/broken");

    assertProblem(response, 500);
    assertThat(response.body()).doesNotContain("secret", "java");
    assertThat(output.getOut().split("secret inner workings", -1)).hasSizeBetween(2, 3);
    var container = get("/v1/broken-in-the-container");
    assertProblem(container, 502);
    assertThat(container.body()).doesNotContain("secret");
  }

  @Test
  void asksToTryAgainWhileAwsIsOutOfReach() throws Exception {
    var response = get("/v1/cloudy");

    assertProblem(response, 503);
    assertThat(response.headers().firstValue("Retry-After")).isPresent();
  }

  @ParameterizedTest
  @CsvSource({"GET,/a%2Fb,400", "GET,/%00,400", "TRACE,/v1/things,405"})
  void answersWithAProblemWhatTheContainerRefuses(String method, String path, int status)
      throws Exception {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket
          .getOutputStream()
          .write(
              "%s %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
                  .formatted(method, path)
                  .getBytes(StandardCharsets.US_ASCII));
      var answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

      assertThat(answer).startsWith("HTTP/1.1 " + status).contains("application/problem+json");
      assertThat(answer).doesNotContain("html", "Tomcat");
    }
  }

  @Test
  void documentsTheApiInKebabCaseWithItsRefusals() throws Exception {
    var document = json(send(request("/v3/api-docs")));

    var create = document.at("/paths/~1v1~1things/post");
    assertThat(document.at("/openapi").stringValue()).startsWith("3.1");
    assertThat(document.at("/info/title").stringValue()).isEqualTo("things");
    assertThat(document.at("/components/schemas/NewThing/properties").propertyNames())
        .containsExactlyInAnyOrder("thing-id", "made-at", "is-new", "spare-parts");
    assertThat(document.at("/components/schemas/Thing/properties/made-at/format").stringValue())
        .isEqualTo("date-time");
    assertThat(document.at("/components/schemas/NewThing/required/0").stringValue())
        .isEqualTo("thing-id");
    assertThat(create.at("/responses").propertyNames())
        .contains("201", "400", "401", "406", "409", "413", "415", "500", "503");
    assertThat(create.at("/responses/409/content").propertyNames())
        .containsExactly("application/problem+json");
    assertThat(document.at("/security/0/admin-token").isArray()).isTrue();
    assertThat(document.at("/paths/~1v1~1things~1{id}~1events/post/security").isEmpty()).isTrue();
    assertThat(document.at("/paths/~1v1~1things~1{id}~1events/post/security").isArray()).isTrue();
    assertThat(document.at("/paths").propertyNames()).doesNotContain("/error");
  }

  /** Every problem is as the OpenAPI document says. */
  private JsonNode assertProblem(HttpResponse<String> response, int status) throws Exception {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    assertThat(response.headers().firstValue("Content-Type")).hasValue("application/problem+json");
    var schema = json(send(request("/v3/api-docs"))).at("/components/schemas/Problem").toString();
    assertThat(
            SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(schema, InputFormat.JSON)
                .validate(response.body(), InputFormat.JSON))
        .as(response.body())
        .isEmpty();
    var problem = json(response);
    assertThat(problem.at("/status").intValue()).isEqualTo(status);
    return problem;
  }

  private static JsonNode json(HttpResponse<String> response) {
    return JSON.readTree(response.body());
  }

  private HttpResponse<String> get(String path) throws Exception {
    return send(authorized(path));
  }

  private HttpResponse<String> post(String body) throws Exception {
    return post(BodyPublishers.ofString(body));
  }

  private HttpResponse<String> post(BodyPublisher body) throws Exception {
    return send(authorized("/v1/things").header("Content-Type", "application/json").POST(body));
  }

  private HttpRequest.Builder authorized(String path) {
    return request(path).header("Authorization", "Bearer " + TOKEN);
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
  }

  private HttpResponse<String> send(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return client.send(request.build(), BodyHandlers.ofString());
  }
}
