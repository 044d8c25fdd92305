package io.smartdoor.lock;

import static io.smartdoor.lock.LockApi.json;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.MeterRegistry;
import io.smartdoor.events.SnapshotReference;
import io.smartdoor.infra.testing.LocalAws;
import io.smartdoor.lock.LockApi.Registered;
import io.smartdoor.lock.snapshot.Photos;
import io.smartdoor.messaging.publishing.EventPublisher;
import io.smartdoor.messaging.publishing.OutgoingEvent;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Import;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import software.amazon.awssdk.services.s3.S3Client;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Pictures: the whole service, over HTTP, on an AWS of this machine. */
@SpringBootTest(
    webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
    properties = {
      "smartdoor.admin.token=" + LockApi.TOKEN,
      "smartdoor.lock.outbox.sweep-period=100ms",
      "smartdoor.lock.snapshots.in-hand=2",
      "smartdoor.lock.snapshots.upload-within=2s"
    })
@Import(UnreliableBus.InPlace.class)
class SnapshotServiceTest {

  private static final LocalAws AWS = LocalAws.withStacks("lock");
  private static final String BUCKET = AWS.output("lock", "SnapshotsBucket");
  private static final S3Client S3 = LocalS3.of(AWS);
  private static final String JPEG = "image/jpeg";
  private static final String PNG = "image/png";
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final int MOST = 5 * 1024 * 1024;

  private final UnreliableBus bus;
  private final MeterRegistry meters;
  private LockApi api;
  private int port;
  private Registered door;

  SnapshotServiceTest(@Autowired EventPublisher publisher, @Autowired MeterRegistry meters) {
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

  @Test
  void storesAPictureWithoutWhatIsNotSeenInItAndItsEventNamesIt() throws Exception {
    var id = UUID.randomUUID().toString();
    var photo = Photos.withMetadata(Photos.jpeg(640, 480), 6);
    assertThat(new String(photo, ISO_8859_1)).contains(Photos.SECRET);

    var response = api.snapshot(door, photo, JPEG).id(id).send();

    assertThat(response.statusCode()).isEqualTo(201);
    assertThat(json(response).toString())
        .isEqualTo(
            "{\"snapshot\":\"%s\",\"door\":\"%s\",\"width\":480,\"height\":640}"
                .formatted(id, door.id()));
    var event = reported("{\"state\": \"open\", \"snapshots\": [\"%s\"]}".formatted(id));
    var stored = stored(snapshotsOf(event).getFirst());
    assertThat(new String(stored, ISO_8859_1)).doesNotContain("48.1374", "Exif", "Photoshop");
    assertThat(Photos.decoded(stored).getWidth()).isEqualTo(480);
    assertThat(Photos.decoded(stored).getHeight()).isEqualTo(640);
  }

  @Test
  void publishesTheEventBeforeItsPictureCame() throws Exception {
    var ids = IntStream.range(0, 5).mapToObj(_ -> UUID.randomUUID().toString()).toList();

    var event =
        reported(
            "{\"state\": \"open\", \"snapshots\": [\"%s\"]}"
                .formatted(String.join("\", \"", ids).toUpperCase(Locale.ROOT)));

    assertThat(snapshotsOf(event)).hasSize(5).doesNotHaveDuplicates();
    assertThat(snapshotsOf(event)).allMatch(it -> it.bucket().equals(BUCKET));
    api.snapshot(door, Photos.png(64, 48), PNG).id(ids.get(3)).send();
    assertThat(Photos.decoded(stored(snapshotsOf(event).get(3))).getWidth()).isEqualTo(64);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ["no-uuid"]                                       | expected a UUID
          [null]                                            | expected a UUID
          [""]                                              | expected a UUID
          ["1","2","3","4","5","6"]                         | expected at most 5, found 6
          """)
  void refusesAnEventThatNamesNoPictures(String snapshots, String problem) throws Exception {
    var response =
        api.webhook(door, "{\"state\": \"open\", \"snapshots\": %s}".formatted(snapshots)).send();

    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(json(response).at("/errors/0/field").stringValue()).isEqualTo("snapshots");
    assertThat(json(response).at("/errors/0/problem").stringValue()).startsWith(problem);
  }

  @Test
  void refusesAnEventThatBecomesTooLargeByItsPictures() throws Exception {
    var ids = IntStream.range(0, 5).mapToObj(_ -> "\"" + UUID.randomUUID() + "\"").toList();
    var user = "{\"store\": \"%s\", \"id\": \"%s\"}".formatted("s".repeat(64), "u".repeat(128));

    var response =
        api.webhook(
                door,
                "{\"state\": \"open\", \"user\": %s, \"operation-source\": \"proprietary-remote\", \"snapshots\": %s}"
                    .formatted(user, ids))
            .send();

    assertThat(response.statusCode()).isEqualTo(422);
    assertThat(json(response).at("/detail").stringValue())
        .startsWith("snapshots: expected an event of at most 1024 bytes, found 1")
        .endsWith("name fewer of them");
    assertThat(reported("{\"state\": \"open\", \"user\": %s}".formatted(user)).has("user"))
        .isTrue();
  }

  @Test
  void answersTheSamePictureAlikeAndRefusesAnother() throws Exception {
    var id = UUID.randomUUID().toString();
    var photo = Photos.jpeg(64, 48);
    var first = api.snapshot(door, photo, JPEG).id(id).send();

    var again = api.snapshot(door, photo, JPEG).id(id).send();
    var other = api.snapshot(door, Photos.jpeg(48, 64), JPEG).id(id).send();
    var elsewhere = api.snapshot(api.register(), Photos.jpeg(48, 64), JPEG).id(id).send();

    assertThat(again.statusCode()).isEqualTo(201);
    assertThat(again.body()).isEqualTo(first.body());
    assertThat(first.headers().firstValue("Idempotency-Replayed")).isEmpty();
    assertThat(again.headers().firstValue("Idempotency-Replayed")).hasValue("true");
    assertThat(other.statusCode()).isEqualTo(422);
    assertThat(json(other).at("/detail").stringValue()).contains("stands for another picture");
    assertThat(elsewhere.statusCode()).as("another door's own name").isEqualTo(201);
  }

  @Test
  void refusesBombsAndWhatIsDamaged() throws Exception {
    var photo = Photos.jpeg(640, 480);

    assertRefused(422, Photos.bomb(30_000, 30_000), PNG, "found 30000 x 30000");
    assertRefused(400, Arrays.copyOf(photo, photo.length / 2), JPEG, "cut off");
    assertRefused(415, "GIF89a".getBytes(StandardCharsets.UTF_8), JPEG, "found neither");
    assertRefused(415, photo, PNG, "expected what the body is, image/jpeg");
    assertRefused(415, photo, "application/octet-stream", "expected image/jpeg or image/png");
    assertRefused(415, new byte[0], JPEG, "found neither");
  }

  @Test
  void refusesWhatIsTooLargeByItsLengthOrAsSoonAsItShows() throws Exception {
    var tooLarge = new byte[MOST + 1];

    assertThat(api.snapshot(door, tooLarge, JPEG).send().statusCode()).isEqualTo(413);
    assertThat(api.snapshot(door, tooLarge, JPEG).chunked().send().statusCode()).isEqualTo(413);
    assertThat(api.snapshot(door, new byte[MOST], JPEG).send().statusCode()).isEqualTo(415);
    assertThat(api.snapshot(door, new byte[MOST], JPEG).chunked().send().statusCode())
        .isEqualTo(415);
    var photo = Photos.jpeg(640, 480);
    assertThat(api.snapshot(door, photo, JPEG).chunked().send().statusCode()).isEqualTo(201);
  }

  @Test
  void saysNothingOfADoorToWhoCannotSign() throws Exception {
    var photo = Photos.jpeg(64, 48);
    var wrong = api.snapshot(new Registered(door.id(), "whsec_AAAA"), photo, JPEG).send();
    var unknown = api.snapshot(door, photo, JPEG).to("door-" + UUID.randomUUID()).send();
    var impossible = api.snapshot(door, photo, JPEG).to("NO-DOOR").send();
    var late = api.snapshot(door, photo, JPEG).sentAt(Instant.now().minusSeconds(400)).send();

    assertThat(wrong.statusCode()).isEqualTo(401);
    for (var refusal : List.of(unknown, impossible)) {
      assertThat(refusal.statusCode()).isEqualTo(401);
      assertThat(refusal.body()).isEqualTo(wrong.body());
    }
    assertThat(late.statusCode()).isEqualTo(401);
    assertThat(api.snapshot(door, photo, JPEG).without("webhook-signature").send().statusCode())
        .isEqualTo(401);
  }

  @ParameterizedTest
  @ValueSource(strings = {"picture", "1"})
  void demandsTheUuidThatIsSigned(String name) throws Exception {
    var photo = Photos.jpeg(64, 48);
    var named = api.snapshot(door, photo, JPEG).named(UUID.randomUUID().toString()).send();
    var unnamed = api.snapshot(door, photo, JPEG).named(name).send();

    assertThat(named.statusCode()).isEqualTo(400);
    assertThat(json(named).at("/errors/0/field").stringValue()).isEqualTo("webhook-id");
    assertThat(unnamed.statusCode()).isEqualTo(400);
    assertThat(json(unnamed).at("/errors/0/field").stringValue()).isEqualTo("snapshot");
  }

  @Test
  void putsOffADoorThatSendsTooMany() throws Exception {
    var statuses = new ArrayList<Integer>();
    while (statuses.size() < 200 && !statuses.contains(429)) {
      statuses.add(api.snapshot(door, Photos.jpeg(16, 16), JPEG).send().statusCode());
    }

    assertThat(statuses).hasSizeGreaterThan(10).endsWith(429);
    assertThat(statuses.subList(0, statuses.size() - 1)).containsOnly(201);
    assertThat(api.snapshot(api.register(), Photos.jpeg(16, 16), JPEG).send().statusCode())
        .isEqualTo(201);
  }

  /** The one place of this address is taken by a sender of nothing, for two seconds. */
  @Test
  void waitsForNobodyWhoSendsSlowly() throws Exception {
    var photo = Photos.jpeg(64, 48);
    try (var slow = new Socket(InetAddress.getLoopbackAddress(), port)) {
      slow.getOutputStream().write(beginning(door.id(), MOST).getBytes(ISO_8859_1));
      slow.getOutputStream().flush();
      var answers = new BufferedReader(new InputStreamReader(slow.getInputStream(), ISO_8859_1));

      await().atMost(SOON).until(() -> api.snapshot(door, photo, JPEG).send().statusCode() == 503);
      assertThat(shed()).isPositive();

      // A byte now and then keeps the connection, and is not enough.
      await()
          .atMost(SOON)
          .until(() -> {
            slow.getOutputStream().write(0);
            return answers.ready();
          });
      assertThat(answers.readLine()).contains("408");
    }
    await().atMost(SOON).until(() -> api.snapshot(door, photo, JPEG).send().statusCode() == 201);
  }

  private void assertRefused(int status, byte[] body, String mediaType, String detail)
      throws Exception {
    var id = UUID.randomUUID().toString();
    var response = api.snapshot(door, body, mediaType).id(id).send();

    assertThat(response.statusCode()).isEqualTo(status);
    assertThat(response.headers().firstValue("Content-Type")).hasValue("application/problem+json");
    assertThat(json(response).at("/detail").stringValue()).contains(detail);
    assertThat(objects()).as("nothing is stored").doesNotContain(id);
  }

  /** What the objects' metadata call them. */
  private static List<String> objects() {
    return S3.listObjectsV2(it -> it.bucket(BUCKET)).contents().stream()
        .map(it -> S3.headObject(head -> head.bucket(BUCKET).key(it.key())))
        .map(it -> it.metadata().getOrDefault("snapshot", ""))
        .toList();
  }

  private static byte[] stored(SnapshotReference place) {
    return S3.getObjectAsBytes(it -> it.bucket(place.bucket()).key(place.key())).asByteArray();
  }

  /** The detail of the event that becomes of a report. */
  private JsonNode reported(String report) throws Exception {
    var response = api.webhook(door, report).send();
    assertThat(response.statusCode()).isEqualTo(202);
    var key = json(response).at("/idempotency-key").stringValue();
    await().atMost(SOON).until(() -> published(key).findAny().isPresent());
    return JsonMapper.shared().readTree(published(key).findFirst().orElseThrow());
  }

  private Stream<String> published(String key) {
    return bus.publishedFor(door.id()).stream()
        .map(OutgoingEvent::detail)
        .filter(it -> it.contains(key));
  }

  private static List<SnapshotReference> snapshotsOf(JsonNode detail) {
    return detail
        .path("snapshots")
        .valueStream()
        .map(it ->
            new SnapshotReference(it.path("bucket").stringValue(), it.path("key").stringValue()))
        .toList();
  }

  private double shed() {
    return meters.get("smartdoor.snapshots.shed").tag("reason", "full").counter().count();
  }

  private static String beginning(String door, int length) {
    var id = UUID.randomUUID();
    return String.join(
        "\r\n",
        "PUT /v1/doors/%s/snapshots/%s HTTP/1.1".formatted(door, id),
        "Host: localhost",
        "Content-Type: image/jpeg",
        "Content-Length: " + length,
        "webhook-id: " + id,
        "webhook-timestamp: " + Instant.now().getEpochSecond(),
        "webhook-signature: v1,AAAA",
        "",
        "");
  }
}
