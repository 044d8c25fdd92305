package io.smartdoor.notification;

import static io.smartdoor.notification.Events.ANNA;
import static io.smartdoor.notification.Events.failed;
import static io.smartdoor.notification.Events.frontDoorIs;
import static io.smartdoor.notification.Events.identified;
import static io.smartdoor.notification.Events.unrecognised;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.MeterRegistry;
import io.smartdoor.events.DoorState;
import io.smartdoor.events.DoorStatus;
import io.smartdoor.events.EventCodec;
import io.smartdoor.events.SmartDoorEvent;
import io.smartdoor.notification.Api.Answer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import software.amazon.awssdk.services.eventbridge.model.PutEventsRequestEntry;
import software.amazon.awssdk.services.sqs.model.Message;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The whole service, between a real bus and its HTTP API. */
@SpringBootTest(
    webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
    properties = {
      "smartdoor.admin.token=" + Api.ADMIN_TOKEN,
      "smartdoor.messaging.poll-timeout=1s",
      "smartdoor.messaging.lease=5s"
    })
class NotificationServiceTest {

  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final EventCodec CODEC = new EventCodec();
  private static final JsonMapper JSON = new JsonMapper();

  private final String me = "me-" + UUID.randomUUID();
  private final String inbox = "/v1/recipients/%s/inbox".formatted(me);

  private final Api api;
  private final MeterRegistry meters;

  NotificationServiceTest(@LocalServerPort int port, @Autowired MeterRegistry meters) {
    this.api = new Api(port);
    this.meters = meters;
  }

  @DynamicPropertySource
  static void aws(DynamicPropertyRegistry registry) {
    TestAws.AWS.asProperties().forEach((name, value) -> registry.add(name, () -> value));
  }

  @BeforeEach
  void register() {
    api.put("/v1/recipients/" + me).expect(201);
  }

  @Test
  void anOpenedDoorIsInTheInbox() {
    var opening = frontDoorIs(DoorState.OPEN);

    put(opening);

    var entry = awaitEntry(opening, "Front door opened");
    assertThat(entry)
        .isEqualTo(
            JSON.readTree(
                """
                {"id": "%1$s", "seq": %2$d, "title": "Front door opened",
                 "body": "The door is open.", "level": "notice",
                 "door": {"id": "front-door", "name": "Front door"},
                 "detail-type": "Door Status", "idempotency-key": "%1$s",
                 "correlation-id": "%1$s", "at": "2026-01-31T12:00:00Z", "read": false}
                """
                    .formatted(keyOf(opening), entry.path("seq").longValue())));
  }

  @Test
  void theEntryNamesThePersonAsSoonAsTheyAreKnown() {
    api.put("/v1/people/residents/anna", "{\"display-name\": \"Anna O'Hara\"}");
    var opening = frontDoorIs(DoorState.OPEN);
    var person = identified(opening, ANNA);
    put(opening);
    var before = awaitEntry(opening, "Front door opened");
    api.post("%s/%s/read".formatted(inbox, keyOf(opening))).expect(204);

    put(person);

    var entry = awaitEntry(opening, "Anna O'Hara came in");
    assertThat(entry.path("seq").longValue()).isGreaterThan(before.path("seq").longValue());
    assertThat(entry.path("idempotency-key").stringValue()).isEqualTo(keyOf(person));
    assertThat(entry.path("correlation-id").stringValue()).isEqualTo(keyOf(opening));
    assertThat(entry.path("read").booleanValue()).isFalse();
  }

  @Test
  void aStrangerAndAFailureAreAlerts() {
    var first = frontDoorIs(DoorState.OPEN);
    var second = frontDoorIs(DoorState.OPEN);

    put(unrecognised(first, "credential-unknown"));
    put(failed(second, "store-unknown"));

    assertThat(awaitEntry(first, "Someone unrecognised at Front door").path("level").stringValue())
        .isEqualTo("alert");
    var failure = awaitEntry(second, "Front door opened, but who it was could not be found out");
    assertThat(failure.path("level").stringValue()).isEqualTo("alert");
  }

  @Test
  void theSmallestEventTwiceIsOneEntryOfADoorWithoutAName() {
    var envelope = JSON.readTree(sample("door-status-smallest"));
    var detail = envelope.path("detail").toString();
    var before = duplicates();

    var key = envelope.at("/detail/metadata/idempotency-key").stringValue();

    put("Door Status", detail);
    put("Door Status", detail);

    await().atMost(PATIENCE).until(() -> duplicates() > before);
    var entries = entries().stream().filter(it -> idOf(it).equals(key)).toList();
    assertThat(entries).hasSize(1);
    assertThat(entries.getFirst().path("title").stringValue()).isEqualTo("A door was opened");
    assertThat(entries.getFirst().has("door")).isFalse();
  }

  @Test
  void aClosedDoorIsNewsOnlyToThoseWhoAskedForIt() {
    var curious = "curious-" + UUID.randomUUID();
    api.put("/v1/recipients/" + curious, "{\"include-closed\": true}").expect(201);
    var closing = frontDoorIs(DoorState.CLOSED);

    put(closing);

    await()
        .atMost(PATIENCE)
        .until(() ->
            entries("/v1/recipients/%s/inbox".formatted(curious)).stream()
                .anyMatch(it -> idOf(it).equals(keyOf(closing))));
    assertThat(entries()).noneMatch(it -> idOf(it).equals(keyOf(closing)));
  }

  @Test
  void whatIsNoEventGoesToTheDeadLettersWithTheReason() {
    var key = UUID.randomUUID().toString();

    put("Door Status", "{\"metadata\": {\"idempotency-key\": \"%s\"}}".formatted(key));

    var letter = awaitDeadLetter(key);
    assertThat(letter.messageAttributes().get("reason"))
        .satisfies(reason ->
            assertThat(Objects.requireNonNull(reason).stringValue()).isEqualTo("undecodable"));
    assertThat(letter.messageAttributes().get("explanation"))
        .satisfies(
            it -> assertThat(Objects.requireNonNull(it).stringValue()).contains("detail.state"));
  }

  @Test
  void anInboxIsReadPageByPageAndFollowed() {
    var openings = Stream.generate(() -> frontDoorIs(DoorState.OPEN)).limit(5).toList();
    openings.forEach(this::put);
    openings.forEach(opening -> awaitEntry(opening, "Front door opened"));

    var first = api.get(inbox + "?limit=2").expect(200).body();
    var second = api.get(inbox + "?limit=2&after=" + first.path("next")).expect(200).body();
    var rest = api.get(inbox + "?limit=100&after=" + second.path("next")).expect(200).body();

    assertThat(seqs(first, second, rest))
        .isSorted()
        .doesNotHaveDuplicates()
        .hasSize(entries().size());
    assertThat(rest.has("next")).isFalse();
    var last = seqs(rest).getLast();
    assertThat(api.get(inbox + "?after=" + last).expect(200).body().path("items").isEmpty())
        .isTrue();

    put(identified(openings.getFirst(), ANNA));

    await()
        .atMost(PATIENCE)
        .until(() ->
            api.get(inbox + "?after=" + last)
                .body()
                .path("items")
                .valueStream()
                .anyMatch(it -> idOf(it).equals(keyOf(openings.getFirst()))));
  }

  @Test
  void anEntryIsReadOnceItIsMarkedAndReadAgainChangesNothing() {
    var opening = frontDoorIs(DoorState.OPEN);
    put(opening);
    var seq = awaitEntry(opening, "Front door opened").path("seq").longValue();
    var read = "%s/%s/read".formatted(inbox, keyOf(opening));

    api.post(read + "?seq=" + (seq + 1)).expectRefusalOf("seq");
    assertThat(entry(opening).orElseThrow().path("read").booleanValue()).isFalse();
    api.post(read + "?seq=" + seq).expect(204);
    api.post(read).expect(204);

    assertThat(entry(opening).orElseThrow().path("read").booleanValue()).isTrue();
  }

  @Test
  void anUnknownEntryOrRecipientIsNotFound() {
    api.post("%s/%s/read".formatted(inbox, UUID.randomUUID())).expect(404);
    api.post("/v1/recipients/nobody/inbox/%s/read".formatted(UUID.randomUUID())).expect(404);
    api.get("/v1/recipients/nobody/inbox").expect(404);
    api.get("/v1/recipients/nobody").expect(404);
    api.get("/v1/people/residents/" + UUID.randomUUID()).expect(404);
  }

  @Test
  void whatIsWrongInARequestIsNamed() {
    api.get(inbox + "?after=-1").expectRefusalOf("after");
    api.get(inbox + "?after=later").expectRefusalOf("after");
    api.get(inbox + "?limit=0").expectRefusalOf("limit");
    api.get(inbox + "?limit=101").expectRefusalOf("limit");
    api.get("/v1/recipients/Me/inbox").expectRefusalOf("id");
    api.post(inbox + "/first/read").expectRefusalOf("item");
    api.post("%s/%s/read?seq=0".formatted(inbox, UUID.randomUUID())).expectRefusalOf("seq");
    api.put("/v1/recipients/-me").expectRefusalOf("id");
    api.get("/v1/recipients/-me").expectRefusalOf("id");
    api.delete("/v1/recipients/-me").expectRefusalOf("id");
    api.get("/v1/recipients?after=-me").expectRefusalOf("after");
    api.get("/v1/recipients?limit=0").expectRefusalOf("limit");
    var recipient = "/v1/recipients/" + me;
    api.put(recipient, "{\"include-closed\": \"often\"}").expectRefusalOf("include-closed");
    api.put(recipient, "{\"includeClosed\": true}").expectRefusalOf("includeClosed");
    var name = "{\"display-name\": \"Anna\"}";
    api.put("/v1/people/Residents/anna", name).expectRefusalOf("store");
    api.put("/v1/people/residents/an~na", name).expectRefusalOf("id");
    api.get("/v1/people/residents/an~na").expectRefusalOf("id");
    api.delete("/v1/people/residents/an~na").expectRefusalOf("id");
    api.put("/v1/people/residents/anna", "{}").expectRefusalOf("display-name");
    api.put("/v1/people/residents/anna", "{\"display-name\": \"An\\nna\"}")
        .expectRefusalOf("display-name");
    api.put("/v1/people/residents/anna", "{\"display-name\": 7}").expectRefusalOf("display-name");
    api.put("/v1/people/residents/anna").expect(400);
  }

  @Test
  void aRecipientIsNewOnceAndAPreferenceIsReplaced() {
    var path = "/v1/recipients/" + me;

    var replaced = api.put(path, "{\"include-closed\": true}").expect(200).body();

    assertThat(replaced)
        .isEqualTo(JSON.readTree("{\"id\": \"%s\", \"include-closed\": true}".formatted(me)));
    assertThat(api.get(path).expect(200).body()).isEqualTo(replaced);
    assertThat(api.put(path).expect(200).body().path("include-closed").booleanValue()).isFalse();
    assertThat(api.put(path, "{\"include-closed\": null}").expect(200).body())
        .isEqualTo(api.get(path).body());
  }

  @Test
  void aRecipientGoesWithTheirInbox() {
    var opening = frontDoorIs(DoorState.OPEN);
    put(opening);
    awaitEntry(opening, "Front door opened");

    api.delete("/v1/recipients/" + me).expect(204);
    api.delete("/v1/recipients/" + me).expect(204);

    api.get("/v1/recipients/" + me).expect(404);
    api.get(inbox).expect(404);
    api.post("%s/%s/read".formatted(inbox, keyOf(opening))).expect(404);
    api.put("/v1/recipients/" + me).expect(201);
    assertThat(entry(opening)).isEmpty();
  }

  @Test
  void allRecipientsAreListedPageByPage() {
    var ids = Stream.generate(() -> "list-" + UUID.randomUUID()).limit(3).toList();
    ids.forEach(id -> api.put("/v1/recipients/" + id).expect(201));

    var found = new ArrayList<String>();
    var next = Optional.<String>empty();
    do {
      var page =
          api.get("/v1/recipients?limit=2" + next.map(it -> "&after=" + it).orElse(""))
              .expect(200)
              .body();
      page.path("items").forEach(it -> found.add(idOf(it)));
      next = page.path("next").stringValueOpt();
    } while (next.isPresent());

    assertThat(found).containsAll(ids).contains(me).doesNotHaveDuplicates();
  }

  @Test
  void aPersonIsCalledWhatWasSaidUntilItIsForgotten() {
    var path = "/v1/people/keypad/A.b_c:d@e-" + UUID.randomUUID();

    assertThat(api.put(path, "{\"display-name\": \"Anna 🚪\"}").expect(201).body())
        .isEqualTo(api.get(path).expect(200).body());
    api.put(path, "{\"display-name\": \"Anna\"}").expect(200);
    assertThat(api.get(path).body().path("display-name").stringValue()).isEqualTo("Anna");
    api.delete(path).expect(204);
    api.delete(path).expect(204);
    api.get(path).expect(404);
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /v1/recipients",
    "PUT, /v1/recipients/me",
    "GET, /v1/recipients/me",
    "DELETE, /v1/recipients/me",
    "GET, /v1/recipients/me/inbox",
    "POST, /v1/recipients/me/inbox/6a5c14d7-f1ed-4e5e-9c76-44a3f718ed96/read",
    "GET, /v1/people/residents/anna",
    "PUT, /v1/people/residents/anna",
    "DELETE, /v1/people/residents/anna"
  })
  void nothingAnswersWithoutTheAdminToken(String method, String path) {
    api.sendUnauthorized(method, path).expect(401);
  }

  @Test
  void theDocumentHasEveryOperationWithItsLimitsInKebabCase() {
    var paths = api.document().path("paths");
    assertThat(paths.propertyNames())
        .containsExactlyInAnyOrder(
            "/v1/recipients",
            "/v1/recipients/{id}",
            "/v1/recipients/{id}/inbox",
            "/v1/recipients/{id}/inbox/{item}/read",
            "/v1/people/{store}/{id}");
    var limit =
        paths
            .path("/v1/recipients/{id}/inbox")
            .at("/get/parameters")
            .valueStream()
            .filter(it -> it.path("name").stringValue().equals("limit"))
            .findFirst()
            .orElseThrow();
    assertThat(limit.path("schema"))
        .isEqualTo(
            JSON.readTree(
                """
                {"type": "integer", "minimum": 1, "maximum": 100, "default": 20}
                """));
    assertThat(limit.path("required").booleanValue()).isFalse();
    var entry = api.document().at("/components/schemas/Entry");
    assertThat(entry.path("properties").propertyNames())
        .containsExactlyInAnyOrder(
            "id",
            "seq",
            "title",
            "body",
            "level",
            "door",
            "detail-type",
            "idempotency-key",
            "correlation-id",
            "at",
            "read");
    assertThat(entry.path("required").valueStream().map(JsonNode::stringValue))
        .hasSize(10)
        .doesNotContain("door");
  }

  @Test
  void deliveriesAreCounted() {
    var before = delivered();
    var opening = frontDoorIs(DoorState.OPEN);

    put(opening);

    awaitEntry(opening, "Front door opened");
    await().atMost(PATIENCE).until(() -> delivered() > before);
  }

  private double delivered() {
    return meters
        .counter("smartdoor.deliveries", "channel", "inbox", "outcome", "delivered")
        .count();
  }

  private double duplicates() {
    return meters
        .counter(
            "smartdoor.events.duplicates",
            "subscriber",
            "notification",
            "detail-type",
            "Door Status")
        .count();
  }

  private void put(SmartDoorEvent event) {
    put(event.detailType().text(), CODEC.detail(event));
  }

  private static void put(String detailType, String detail) {
    var entry =
        PutEventsRequestEntry.builder()
            .eventBusName(TestAws.AWS.output("bus", "Name"))
            .source(SmartDoorEvent.SOURCE)
            .detailType(detailType)
            .detail(detail)
            .build();
    var answer = TestAws.eventBridge().putEvents(put -> put.entries(entry));
    assertThat(answer.failedEntryCount()).isZero();
  }

  private JsonNode awaitEntry(DoorStatus chain, String title) {
    return await()
        .atMost(PATIENCE)
        .until(
            () -> entry(chain).filter(it -> it.path("title").stringValue().equals(title)),
            Optional::isPresent)
        .orElseThrow();
  }

  private static Message awaitDeadLetter(String text) {
    var queue = TestAws.sqs().getQueueUrl(it -> it.queueName(TestAws.nameOf("DeadLetterQueue")));
    return await()
        .atMost(PATIENCE)
        .until(
            () ->
                TestAws.sqs()
                    .receiveMessage(receive ->
                        receive
                            .queueUrl(queue.queueUrl())
                            .messageAttributeNames("All")
                            .waitTimeSeconds(1))
                    .messages()
                    .stream()
                    .filter(it -> it.body().contains(text))
                    .findFirst(),
            Optional::isPresent)
        .orElseThrow();
  }

  private Optional<JsonNode> entry(DoorStatus chain) {
    return entries().stream().filter(it -> idOf(it).equals(keyOf(chain))).findFirst();
  }

  private List<JsonNode> entries() {
    return entries(inbox);
  }

  private List<JsonNode> entries(String path) {
    Answer answer = api.get(path + "?limit=100").expect(200);
    return answer.body().path("items").valueStream().toList();
  }

  private static List<Long> seqs(JsonNode... pages) {
    return Stream.of(pages)
        .flatMap(page -> page.path("items").valueStream())
        .map(item -> item.path("seq").longValue())
        .toList();
  }

  private static String idOf(JsonNode item) {
    return item.path("id").stringValue();
  }

  private static String keyOf(SmartDoorEvent event) {
    return event.metadata().idempotencyKey().toString();
  }

  private static String sample(String name) {
    var path = "/io/smartdoor/events/samples/%s.json".formatted(name);
    try (var file = SmartDoorEvent.class.getResourceAsStream(path)) {
      return new String(Objects.requireNonNull(file, path).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
