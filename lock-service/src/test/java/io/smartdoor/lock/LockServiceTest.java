package io.smartdoor.lock;

import static io.smartdoor.lock.LockApi.json;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.MeterRegistry;
import io.smartdoor.events.DoorStatus;
import io.smartdoor.events.EventCodec;
import io.smartdoor.infra.testing.LocalAws;
import io.smartdoor.messaging.publishing.EventPublisher;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Import;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import tools.jackson.databind.JsonNode;

/** The whole service, over HTTP, on an AWS of this machine. */
@SpringBootTest(
    webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
    properties = {
      "smartdoor.admin.token=" + LockApi.TOKEN,
      "smartdoor.lock.outbox.lease=2s",
      "smartdoor.lock.outbox.sweep-period=100ms",
      "smartdoor.lock.outbox.survey-period=100ms",
      "smartdoor.lock.outbox.first-retry-delay=50ms",
      "smartdoor.lock.outbox.longest-retry-delay=500ms"
    })
@Import(UnreliableBus.InPlace.class)
@ExtendWith(OutputCaptureExtension.class)
class LockServiceTest {

  private static final LocalAws AWS = LocalAws.withStacks("lock");
  private static final String OPEN = "{\"state\": \"open\"}";
  private static final Duration SOON = Duration.ofSeconds(20);

  private final UnreliableBus bus;
  private final MeterRegistry meters;
  private LockApi api;
  private int port;
  private LockApi.Registered door;

  LockServiceTest(@Autowired EventPublisher publisher, @Autowired MeterRegistry meters) {
    this.bus = (UnreliableBus) publisher;
    this.meters = meters;
  }

  @DynamicPropertySource
  static void aws(DynamicPropertyRegistry registry) {
    AWS.asProperties().forEach((name, value) -> registry.add(name, () -> value));
  }

  @BeforeEach
  void register(@LocalServerPort int port) throws Exception {
    this.port = port;
    api = new LockApi(port);
    door = api.register();
  }

  @AfterEach
  void calmDown() {
    bus.isReliable();
  }

  // Doors

  @Test
  void registersADoorAndShowsItsSecretOnce() throws Exception {
    var id = "door-" + UUID.randomUUID();
    var body = "{\"id\": \"%s\", \"name\": \"Haustür \\uD83D\\uDEAA\"}".formatted(id);

    var created = api.post("/v1/doors", body);

    assertThat(created.statusCode()).isEqualTo(201);
    assertThat(created.headers().firstValue("Location")).hasValue("/v1/doors/" + id);
    assertThat(json(created).at("/secret").stringValue()).matches("whsec_[A-Za-z0-9+/]{43}=");
    assertThat(api.get("/v1/doors/" + id).body())
        .isEqualTo("{\"id\":\"%s\",\"name\":\"Haustür \uD83D\uDEAA\"}".formatted(id));
    assertThat(doors(100).toString()).contains(id).doesNotContain("whsec");
    var again = api.post("/v1/doors", body);
    assertThat(again.statusCode()).isEqualTo(409);
    assertThat(field(again)).isEqualTo("id");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"name": "Front door"}                            | id
          {"id": "Front", "name": "Front door"}             | id
          {"id": "-a", "name": "Front door"}                | id
          {"id": 7, "name": "Front door"}                   | id
          {"id": "a"}                                       | name
          {"id": "a", "name": ""}                           | name
          {"id": "a", "name": "a\\nb"}                      | name
          {"id": "a", "name": "a\\uFFFE"}                   | name
          {"id": "a", "name": "a\\uD83D"}                   | name
          {"id": "a", "name": ["b"]}                        | name
          {"id": "a", "name": "b", "secret": "c"}           | secret
          """)
  void refusesADoorAndNamesTheField(String body, String field) throws Exception {
    var response = api.post("/v1/doors", body);

    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(field(response)).isEqualTo(field);
  }

  @Test
  void listsDoorsPageByPageWithTheirStates() throws Exception {
    api.register();
    api.register();
    api.webhook(door, OPEN).send();

    var listed = doors(2);

    assertThat(listed).extracting(it -> it.at("/id").stringValue()).doesNotHaveDuplicates();
    assertThat(listed).extracting(it -> it.at("/id").stringValue()).isSorted();
    assertThat(listed)
        .filteredOn(it -> it.at("/id").stringValue().equals(door.id()))
        .extracting(it -> it.at("/state").stringValue())
        .containsExactly("open");
    assertThat(json(api.get("/v1/doors?limit=1")).at("/items").size()).isEqualTo(1);
    for (var query : List.of("limit=0", "limit=101", "cursor=NOT-AN-ID")) {
      var refused = api.get("/v1/doors?" + query);
      assertThat(refused.statusCode()).as(query).isEqualTo(400);
      assertThat(field(refused)).isEqualTo(query.substring(0, query.indexOf('=')));
    }
  }

  private List<JsonNode> doors(int limit) throws Exception {
    var page = json(api.get("/v1/doors?limit=" + limit));
    var items = new ArrayList<>(page.at("/items").valueStream().toList());
    while (page.has("next")) {
      assertThat(page.at("/items").size()).isEqualTo(limit);
      page =
          json(
              api.get(
                  "/v1/doors?limit=%d&cursor=%s".formatted(limit, page.at("/next").stringValue())));
      items.addAll(page.at("/items").valueStream().toList());
    }
    return items;
  }

  /** As for a door that does not exist: nobody finds out that it does. */
  @Test
  void aDoorWhoseKeyIsNotReadableIsAsOneThatDoesNotExist(CapturedOutput output) throws Exception {
    try (var dynamoDb = LocalDynamoDb.of(AWS)) {
      var id = Map.of("id", AttributeValue.fromS(door.id()));
      dynamoDb.updateItem(it ->
          it.tableName(AWS.output("lock", "DoorsTable"))
              .key(id)
              .updateExpression("SET #key = :spoilt")
              .expressionAttributeNames(Map.of("#key", "encrypted-key"))
              .expressionAttributeValues(
                  Map.of(":spoilt", AttributeValue.fromB(SdkBytes.fromByteArray(new byte[60])))));
    }

    var spoilt = api.webhook(door, OPEN).send();
    var unknown = api.webhook(door, OPEN).to("nowhere").send();

    assertThat(spoilt.statusCode()).isEqualTo(401);
    assertThat(spoilt.body()).isEqualTo(unknown.body());
    assertThat(output.getAll()).contains("door %s can report nothing".formatted(door.id()));
  }

  @Test
  void knowsNoDoorThatWasNotRegisteredOrWasRemoved() throws Exception {
    assertThat(api.delete("/v1/doors/" + door.id()).statusCode()).isEqualTo(204);

    assertThat(api.get("/v1/doors/" + door.id()).statusCode()).isEqualTo(404);
    assertThat(api.get("/v1/doors/%s/events".formatted(door.id())).statusCode()).isEqualTo(404);
    assertThat(api.delete("/v1/doors/" + door.id()).statusCode()).isEqualTo(404);
    assertThat(api.webhook(door, OPEN).send().statusCode()).isEqualTo(401);
    assertThat(api.get("/v1/doors/NOT-AN-ID").statusCode()).isEqualTo(400);
  }

  @Test
  void wantsTheAdminTokenForAllButWebhooks() throws Exception {
    for (var path : List.of("/v1/doors", "/v1/doors/a", "/v1/doors/a/events")) {
      assertThat(api.send(api.request(path)).statusCode()).isEqualTo(401);
    }
  }

  // Webhooks

  @Test
  void acceptsAWebhookAndPutsItsEventOnTheBus() throws Exception {
    try (var subscriber = new Subscriber(AWS)) {
      var key = UUID.randomUUID();
      var response =
          api.webhook(
                  door,
                  """
                  {"state": "open", "occurred-at": "2026-01-31T12:00:00.1239Z",
                   "user": {"id": "anna", "store": "residents"}, "operation-source": "keypad"}
                  """)
              .id(key.toString())
              .send();

      assertThat(response.statusCode()).isEqualTo(202);
      assertThat(json(response).propertyNames())
          .containsExactly("idempotency-key", "door", "accepted-at");
      assertThat(json(response).at("/idempotency-key").stringValue()).isEqualTo(key.toString());
      assertThat(response.headers().firstValue("Idempotency-Replayed")).isEmpty();

      var received = new ArrayList<String>();
      await()
          .atMost(SOON)
          .untilAsserted(() -> {
            received.addAll(subscriber.received());
            assertThat(received).anyMatch(it -> it.contains(key.toString()));
          });
      var event = new EventCodec().decode(only(received, key.toString()));
      var status = (DoorStatus) event.event();
      assertThat(event.occurredAt()).isEqualTo("2026-01-31T12:00:00.123Z");
      assertThat(status.metadata().acceptedAt())
          .hasValue(Instant.parse(json(response).at("/accepted-at").stringValue()));
      assertThat(status.door().orElseThrow().name()).hasValue("Front door");
      assertThat(status.user().orElseThrow().id()).isEqualTo("anna");
    }
  }

  private static String only(List<String> received, String text) {
    return received.stream().filter(it -> it.contains(text)).findFirst().orElseThrow();
  }

  @Test
  void aDoorIsInTheStateThatItReportedForLatest() throws Exception {
    api.webhook(door, "{\"state\": \"jammed\", \"occurred-at\": \"2026-01-31T12:00:00Z\"}").send();
    api.webhook(door, "{\"state\": \"ajar\", \"occurred-at\": \"2026-01-31T11:00:00Z\"}").send();

    var shown = json(api.get("/v1/doors/" + door.id()));
    assertThat(shown.at("/state").stringValue()).isEqualTo("jammed");
    assertThat(shown.at("/since").stringValue()).isEqualTo("2026-01-31T12:00:00Z");
  }

  @Test
  void answersARepeatedWebhookAsItDidAtFirst() throws Exception {
    var id = UUID.randomUUID().toString();
    var first = api.webhook(door, OPEN).id(id).send();
    var before = count("accepted");

    var again = api.webhook(door, OPEN).id(id.toUpperCase(Locale.ROOT)).send();

    assertThat(again.statusCode()).isEqualTo(202);
    assertThat(again.body()).isEqualTo(first.body());
    assertThat(again.headers().firstValue("Idempotency-Replayed")).hasValue("true");
    assertThat(count("accepted")).isEqualTo(before);
    assertThat(events()).hasSize(1);
  }

  @Test
  void refusesAKeyThatStandsForAnotherBodyOrAnotherDoor() throws Exception {
    var id = UUID.randomUUID().toString();
    api.webhook(door, OPEN).id(id).send();

    for (var webhook : List.of(api.webhook(door, OPEN + " "), api.webhook(api.register(), OPEN))) {
      var response = webhook.id(id).send();
      assertThat(response.statusCode()).isEqualTo(422);
      assertThat(field(response)).isEqualTo("webhook-id");
    }
    assertThat(events()).hasSize(1);
  }

  @Test
  void anIdThatIsNoUuidIsTheDoorsOwn() throws Exception {
    var first = json(api.webhook(door, OPEN).id("msg_1").send());
    var again = api.webhook(door, OPEN).id("msg_1").send();
    var other = json(api.webhook(api.register(), OPEN).id("msg_1").send());

    assertThat(json(again)).isEqualTo(first);
    assertThat(other.at("/idempotency-key")).isNotEqualTo(first.at("/idempotency-key"));
  }

  @Test
  void manySameWebhooksAtOnceAreOneEvent() throws Exception {
    var id = UUID.randomUUID().toString();
    var webhook = api.webhook(door, OPEN).id(id);
    var start = new CountDownLatch(1);
    var responses = new ArrayList<HttpResponse<String>>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var running =
          IntStream.range(0, 32)
              .mapToObj(i ->
                  threads.submit(() -> {
                    start.await();
                    return webhook.send();
                  }))
              .toList();
      start.countDown();
      for (var each : running) {
        responses.add(each.get());
      }
    }

    assertThat(responses).allMatch(it -> it.statusCode() == 202);
    assertThat(responses).extracting(HttpResponse::body).containsOnly(responses.getFirst().body());
    assertThat(responses)
        .filteredOn(it -> it.headers().firstValue("Idempotency-Replayed").isEmpty())
        .hasSize(1);
    await().atMost(SOON).untilAsserted(() -> assertPublished(id));
    assertThat(bus.publishedFor(door.id())).hasSize(1);
  }

  @Test
  void refusesWhatNoDoorSignedAndSaysNoMoreWhicheverItIs() throws Exception {
    var bodies = new ArrayList<String>();
    for (var webhook :
        List.of(
            api.webhook(door, OPEN).header("webhook-signature", "v1,AAAA"),
            api.webhook(door, OPEN).to("nowhere"),
            api.webhook(door, OPEN).to("NOT-AN-ID"),
            api.webhook(door, OPEN).to(api.register().id()),
            api.webhook(door, "this is no JSON").header("webhook-signature", "v1,AAAA"))) {
      var response = webhook.send();
      assertThat(response.statusCode()).isEqualTo(401);
      bodies.add(response.body());
    }
    assertThat(bodies).containsOnly(bodies.getFirst());
    assertThat(events()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {-302, 302})
  void refusesAWebhookOfAnotherTime(int seconds) throws Exception {
    var response = api.webhook(door, OPEN).sentAt(Instant.now().plusSeconds(seconds)).send();

    assertThat(response.statusCode()).isEqualTo(401);
    assertThat(field(response)).isEqualTo("webhook-timestamp");
  }

  @ParameterizedTest
  @ValueSource(strings = {"webhook-id", "webhook-timestamp", "webhook-signature"})
  void refusesAWebhookThatIsNotSigned(String missing) throws Exception {
    var response = api.webhook(door, OPEN).without(missing).send();

    assertThat(response.statusCode()).isEqualTo(401);
    assertThat(field(response)).isEqualTo(missing);
  }

  @Test
  void refusesHeadersOfAnotherForm() throws Exception {
    var id = api.webhook(door, OPEN).id("a.b").send();
    var timestamp = api.webhook(door, OPEN).timestamp("yesterday").send();

    assertThat(id.statusCode()).isEqualTo(400);
    assertThat(field(id)).isEqualTo("webhook-id");
    assertThat(timestamp.statusCode()).isEqualTo(400);
    assertThat(field(timestamp)).isEqualTo("webhook-timestamp");
  }

  @Test
  void anIdempotencyKeyAgreesWithTheWebhooksId() throws Exception {
    var id = UUID.randomUUID().toString();

    for (var same : List.of(id, "\"" + id + "\"", id.toUpperCase(Locale.ROOT))) {
      var response = api.webhook(door, OPEN).id(id).header("Idempotency-Key", same).send();
      assertThat(response.statusCode()).isEqualTo(202);
    }
    for (var other : List.of(UUID.randomUUID().toString(), "msg_1", "\"", "a b")) {
      var response = api.webhook(door, OPEN).id(id).header("Idempotency-Key", other).send();
      assertThat(response.statusCode()).as(other).isEqualTo(400);
      assertThat(field(response)).isEqualTo("Idempotency-Key");
    }
  }

  @Test
  void readsNoMoreOfABodyThanItAllows() throws Exception {
    var largest = "{\"state\": \"open\"" + " ".repeat(20 * 1024 - 17) + "}";
    assertThat(largest).hasSize(20 * 1024);

    assertThat(api.webhook(door, largest).send().statusCode()).isEqualTo(202);
    assertThat(api.webhook(door, largest).chunked().send().statusCode()).isEqualTo(202);
    for (var tooLarge : List.of(largest + " ", largest.repeat(20))) {
      for (var webhook :
          List.of(api.webhook(door, tooLarge), api.webhook(door, tooLarge).chunked())) {
        var response = webhook.send();
        assertThat(response.statusCode()).isEqualTo(413);
        assertThat(response.body()).contains("at most 20480 bytes");
      }
    }

    // A sender that says no more than this is answered: whoever read on would wait for it.
    assertThat(answerTo("Content-Length: %d\r\n\r\n".formatted(20 * 1024 + 1)))
        .startsWith("HTTP/1.1 413");
    var chunk = "%x\r\n%s ".formatted(20 * 1024 + 1, largest);
    assertThat(answerTo("Transfer-Encoding: chunked\r\n\r\n" + chunk)).startsWith("HTTP/1.1 413");
  }

  /** The first line of the answer to a webhook whose sender keeps the connection open. */
  private String answerTo(String restOfRequest) throws Exception {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout((int) SOON.toMillis() / 2);
      var start =
          "POST /v1/doors/%s/events HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
              .formatted(door.id());
      socket.getOutputStream().write((start + restOfRequest).getBytes(US_ASCII));
      var answer = new InputStreamReader(socket.getInputStream(), US_ASCII);
      return String.valueOf(new BufferedReader(answer).readLine());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "Content-Encoding, gzip",
    "Content-Encoding, identity",
    "Content-Type, text/plain",
    "Content-Type, application/x-www-form-urlencoded",
    "Content-Type, multipart/form-data",
    "Content-Type, application/json;charset=utf-16",
    "Content-Type, nonsense"
  })
  void takesJsonOnly(String header, String value) throws Exception {
    var response = api.webhook(door, OPEN).header(header, value).send();

    assertThat(response.statusCode()).isEqualTo(415);
    assertThat(field(response)).isEqualTo(header);
  }

  @Test
  void takesJsonHoweverItIsCalled() throws Exception {
    for (var type : List.of("application/json; charset=UTF-8", "Application/JSON")) {
      assertThat(api.webhook(door, OPEN).header("Content-Type", type).send().statusCode())
          .isEqualTo(202);
    }
    assertThat(api.webhook(door, OPEN).without("Content-Type").send().statusCode()).isEqualTo(415);
    assertThat(api.webhook(door, OPEN).header("Accept", "text/html").send().statusCode())
        .isEqualTo(406);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {}                                                        | state
          {"state": "Open"}                                         | state
          {"state": 1}                                              | state
          {"state": "open", "occurred-at": "now"}                   | occurred-at
          {"state": "open", "occurred-at": 1769860800}              | occurred-at
          {"state": "open", "user": "anna"}                         | user
          {"state": "open", "user": {"id": "anna"}}                 | user.store
          {"state": "open", "user": {"id": "a b", "store": "s"}}    | user.id
          {"state": "open", "user": {"id": "a", "store": "s", "x": 1}} | user.x
          {"state": "open", "operation-source": "magic"}            | operation-source
          {"state": "open", "operationSource": "keypad"}            | operationSource
          """)
  void namesTheFieldThatIsWrong(String body, String field) throws Exception {
    var response = api.webhook(door, body).send();

    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(field(response)).isEqualTo(field);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "null",
        "[]",
        "{\"state\": \"open\"} x",
        "{\"state\":\"open\",\"state\":\"open\"}"
      })
  void refusesWhatIsSignedButNoJsonObject(String body) throws Exception {
    assertThat(api.webhook(door, body).send().statusCode()).isEqualTo(400);
  }

  @Test
  void refusesWhatHasNotHappenedYet() throws Exception {
    var ahead = Instant.now().plusSeconds(330);
    var response =
        api.webhook(door, "{\"state\": \"open\", \"occurred-at\": \"%s\"}".formatted(ahead)).send();

    assertThat(response.statusCode()).isEqualTo(422);
    assertThat(field(response)).isEqualTo("occurred-at");
    assertThat(events()).isEmpty();
  }

  // The outbox

  @Test
  void acceptsWhileTheBusIsOutAndDeliversWhenItIsBack() throws Exception {
    bus.isOut();
    var accepted = json(api.webhook(door, OPEN).send());
    await()
        .atMost(SOON)
        .untilAsserted(() -> {
          assertThat(gauge("pending")).isPositive();
          assertThat(gauge("oldest-pending-seconds")).isPositive();
        });
    assertThat(json(api.get("/v1/doors/" + door.id())).at("/state").stringValue())
        .isEqualTo("open");
    assertThat(events().getFirst().has("published-at")).isFalse();
    assertThat(api.isReady()).isTrue();

    bus.isReliable();

    await()
        .atMost(SOON)
        .untilAsserted(() -> assertPublished(accepted.at("/idempotency-key").stringValue()));
    assertThat(bus.publishedFor(door.id())).hasSize(1);
  }

  @Test
  void publishesWhatACrashLeftUnpublished() throws Exception {
    bus.killsWhoPublishesFor(door.id());
    var accepted = json(api.webhook(door, OPEN).send());
    assertThat(bus.publishedFor(door.id())).isEmpty();

    bus.isReliable();

    await()
        .atMost(SOON)
        .untilAsserted(() -> assertPublished(accepted.at("/idempotency-key").stringValue()));
  }

  @Test
  void parksWhatTheBusRefusesForGood() throws Exception {
    bus.refusesEntriesFor(door.id());
    var parked = gauge("parked");
    api.webhook(door, OPEN).send();

    await()
        .atMost(SOON)
        .untilAsserted(() -> {
          assertThat(events().getFirst().at("/parked-code").stringValue())
              .isEqualTo("MalformedDetail");
          assertThat(gauge("parked")).isGreaterThan(parked);
        });
    assertThat(events().getFirst().has("published-at")).isFalse();
  }

  @Test
  void publishesAParkedEventOnceItIsRedriven() throws Exception {
    var key = parkedEvent();
    var path = "/v1/parked-events/" + key;
    var shown = json(api.get(path));
    assertThat(shown.at("/door").stringValue()).isEqualTo(door.id());
    assertThat(shown.at("/code").stringValue()).isEqualTo("MalformedDetail");
    assertThat(json(api.get("/v1/parked-events?limit=100")).at("/items")).contains(shown);

    bus.isReliable();
    assertThat(api.post(path + "/redrive", "").statusCode()).isEqualTo(202);

    await().atMost(SOON).untilAsserted(() -> assertPublished(key));
    assertThat(api.get(path).statusCode()).isEqualTo(404);
    var again = api.post(path + "/redrive", "");
    assertThat(again.statusCode()).isEqualTo(409);
    assertThat(again.body()).contains("found it published");
  }

  @Test
  void dropsAParkedEventWithAReasonAndRepeatsItsAnswer() throws Exception {
    var key = parkedEvent();
    var path = "/v1/parked-events/" + key;
    var unexplained = api.delete(path);
    assertThat(unexplained.statusCode()).isEqualTo(400);
    assertThat(field(unexplained)).isEqualTo("reason");

    assertThat(api.delete(path + "?reason=the%20door%20is%20gone").statusCode()).isEqualTo(204);

    assertThat(api.delete(path + "?reason=once%20more").statusCode()).isEqualTo(409);
    assertThat(api.get(path).statusCode()).isEqualTo(404);
    var repeated = api.webhook(door, OPEN).id(key).send();
    assertThat(repeated.statusCode()).isEqualTo(202);
    assertThat(json(repeated).at("/idempotency-key").stringValue()).isEqualTo(key);
  }

  @Test
  void knowsNoParkedEventThatIsNone() throws Exception {
    var unknown = "/v1/parked-events/" + UUID.randomUUID();

    assertThat(api.get(unknown).statusCode()).isEqualTo(404);
    assertThat(api.post(unknown + "/redrive", "").statusCode()).isEqualTo(404);
    assertThat(api.delete(unknown + "?reason=none").statusCode()).isEqualTo(404);
    assertThat(api.get("/v1/parked-events/7").statusCode()).isEqualTo(400);
    assertThat(field(api.get("/v1/parked-events?cursor=x"))).isEqualTo("cursor");
  }

  private String parkedEvent() throws Exception {
    bus.refusesEntriesFor(door.id());
    var key = json(api.webhook(door, OPEN).send()).at("/idempotency-key").stringValue();
    await()
        .atMost(SOON)
        .until(() -> api.get("/v1/parked-events/" + key).statusCode(), status -> status == 200);
    return key;
  }

  @Test
  void listsADoorsEventsPageByPage() throws Exception {
    for (var hour = 0; hour < 5; hour++) {
      api.webhook(
              door,
              "{\"state\": \"closed\", \"occurred-at\": \"2026-01-31T0%d:00:00Z\"}".formatted(hour))
          .send();
    }
    var path = "/v1/doors/%s/events?limit=2".formatted(door.id());

    var first = json(api.get(path));
    var second = json(api.get(path + "&cursor=" + first.at("/next").stringValue()));
    var third = json(api.get(path + "&cursor=" + second.at("/next").stringValue()));

    assertThat(List.of(first, second, third))
        .flatMap(it -> it.at("/items").valueStream().toList())
        .extracting(it -> it.at("/occurred-at").stringValue())
        .containsExactly(
            "2026-01-31T04:00:00Z",
            "2026-01-31T03:00:00Z",
            "2026-01-31T02:00:00Z",
            "2026-01-31T01:00:00Z",
            "2026-01-31T00:00:00Z");
    assertThat(third.has("next")).isFalse();
  }

  @Test
  void aCursorReadsNoOtherDoorsEvents() throws Exception {
    api.webhook(door, OPEN).send();
    api.webhook(door, OPEN).send();
    var other = api.register();
    var cursor =
        json(api.get("/v1/doors/%s/events?limit=1".formatted(door.id()))).at("/next").stringValue();

    var stolen = json(api.get("/v1/doors/%s/events?cursor=%s".formatted(other.id(), cursor)));

    assertThat(stolen.at("/items").isEmpty()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "limit=0, limit",
    "limit=101, limit",
    "limit=x, limit",
    "cursor=x, cursor",
    "cursor=, cursor"
  })
  void refusesAPageThatIsNone(String query, String field) throws Exception {
    var response = api.get("/v1/doors/%s/events?%s".formatted(door.id(), query));

    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(field(response)).isEqualTo(field);
  }

  // What it shows of itself

  @Test
  void countsWebhooks() throws Exception {
    var accepted = count("accepted");
    var replayed = count("replayed");
    var unsigned = refused("signature");
    var id = UUID.randomUUID().toString();

    api.webhook(door, OPEN).id(id).send();
    api.webhook(door, OPEN).id(id).send();
    api.webhook(door, OPEN).header("webhook-signature", "v1,AAAA").send();

    assertThat(count("accepted")).isEqualTo(accepted + 1);
    assertThat(count("replayed")).isEqualTo(replayed + 1);
    assertThat(refused("signature")).isEqualTo(unsigned + 1);
  }

  @Test
  void logsKeysAndNothingThatIsNobodysBusiness(CapturedOutput output) throws Exception {
    var accepted = json(api.webhook(door, OPEN).send());
    api.webhook(door, OPEN).header("webhook-signature", "v1,AAAA").send();

    await()
        .atMost(SOON)
        .untilAsserted(() ->
            assertThat(output.getAll())
                .contains(
                    "accepted %s of door %s"
                        .formatted(accepted.at("/idempotency-key").stringValue(), door.id())));
    assertThat(output.getAll())
        .doesNotContain(door.secret(), door.secret().substring(6), "Front door", "v1,");
  }

  @Test
  void documentsItsApiInKebabCase() {
    var schemas = api.document().at("/components/schemas");
    assertThat(schemas.at("/DoorState/enum").valueStream().map(JsonNode::stringValue))
        .containsExactly("open", "closed", "ajar", "jammed", "forced-open", "unspecified-error");
    for (var view : List.of("DoorReport", "Door", "DoorEvent")) {
      assertThat(schemas.at("/%s/properties/state/$ref".formatted(view)).stringValue())
          .isEqualTo("#/components/schemas/DoorState");
    }

    assertThat(schemas.at("/Receipt/properties").propertyNames())
        .containsExactlyInAnyOrder("idempotency-key", "door", "accepted-at");
    assertThat(schemas.at("/DoorReport/properties").propertyNames())
        .containsExactlyInAnyOrder("state", "occurred-at", "user", "operation-source", "snapshots");
    assertThat(schemas.at("/DoorReport/required/0").stringValue()).isEqualTo("state");
    var webhook = api.document().at("/paths/~1v1~1doors~1{id}~1events/post");
    assertThat(webhook.at("/security").isArray()).isTrue();
    assertThat(webhook.at("/security").isEmpty()).isTrue();
    assertThat(webhook.at("/parameters").valueStream().map(it -> it.at("/name").stringValue()))
        .containsExactlyInAnyOrder(
            "id", "webhook-id", "webhook-timestamp", "webhook-signature", "Idempotency-Key");
    assertThat(webhook.at("/requestBody/content").propertyNames())
        .containsExactly("application/json");
    assertThat(webhook.at("/responses").propertyNames())
        .contains("202", "400", "401", "406", "413", "415", "422");
    assertThat(webhook.at("/responses").propertyNames()).doesNotContain("200");
  }

  private void assertPublished(String key) throws Exception {
    assertThat(events())
        .filteredOn(it -> it.at("/idempotency-key").stringValue().equals(key))
        .singleElement()
        .satisfies(it -> assertThat(it.has("published-at")).isTrue());
  }

  private List<JsonNode> events() throws Exception {
    return json(api.get("/v1/doors/%s/events".formatted(door.id())))
        .at("/items")
        .valueStream()
        .toList();
  }

  private static String field(HttpResponse<String> response) {
    return json(response).at("/errors/0/field").stringValue();
  }

  private double count(String what) {
    return meters.get("smartdoor.webhooks." + what).counter().count();
  }

  private double refused(String reason) {
    return meters.get("smartdoor.webhooks.refused").tag("reason", reason).counter().count();
  }

  private double gauge(String what) {
    return meters.get("smartdoor.outbox." + what).gauge().value();
  }
}
