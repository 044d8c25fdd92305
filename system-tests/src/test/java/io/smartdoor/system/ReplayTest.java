package io.smartdoor.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.smartdoor.fidelity.ReliesOn;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.eventbridge.EventBridgeClient;
import software.amazon.awssdk.services.eventbridge.model.ReplayState;
import software.amazon.awssdk.services.eventbridge.model.Rule;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What is replayed from the archive comes to subscribers that handled it before.
 *
 * <p>The archive is created here, as no emulator's CloudFormation knows one, and the replay is
 * started here: the command refuses a window that ends less than ten minutes ago.
 */
@ReliesOn("Archive and replay")
class ReplayTest {

  private static final String BUS = "smartdoor";
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private final JsonMapper json = JsonMapper.shared();

  @Test
  void subscribersIgnoreWhatTheyHandledBefore(@TempDir Path home) throws Exception {
    try (var smartDoor = SmartDoor.in(home).up();
        var events = client(smartDoor.status())) {
      var bus = events.describeEventBus(it -> it.name(BUS)).arn();
      var archive =
          events
              .createArchive(it ->
                  it.archiveName(BUS)
                      .eventSourceArn(bus)
                      .eventPattern("{\"source\": [\"SmartDoor\"]}"))
              .archiveArn();
      var rules =
          events.listRules(it -> it.eventBusName(BUS).namePrefix(BUS + "-")).rules().stream()
              .map(Rule::arn)
              .toList();
      var begin = Instant.now().minusSeconds(60);
      smartDoor.run("door", "open", "front-door", "--user", "keypad:9999").succeeded();
      smartDoor.run("door", "report", "jammed", "front-door").succeeded();
      var before = smartDoor.inboxOnce("me", ReplayTest::isSettled);
      assertThat(duplicates(smartDoor, "notification-service")).isZero();
      assertThat(duplicates(smartDoor, "identification-service")).isZero();

      events.startReplay(it ->
          it.replayName("again")
              .eventSourceArn(archive)
              .eventStartTime(begin)
              .eventEndTime(Instant.now().plusSeconds(60))
              .destination(to -> to.arn(bus).filterArns(rules)));

      await()
          .atMost(LIMIT)
          .until(() ->
              events.describeReplay(it -> it.replayName("again")).state() == ReplayState.COMPLETED);
      // Two door events and what was found out of the first, to notification; the opening, to
      // identification.
      await().atMost(LIMIT).until(() -> duplicates(smartDoor, "notification-service") == 3);
      await().atMost(LIMIT).until(() -> duplicates(smartDoor, "identification-service") == 1);
      assertThat(smartDoor.inbox("me")).isEqualTo(before);
    }
  }

  /** One entry for the opening, which says what was found out, and one for the jammed door. */
  private static boolean isSettled(List<JsonNode> items) {
    return items.size() == 2
        && items.stream().map(it -> it.get("seq").asInt()).sorted().toList().equals(List.of(2, 3));
  }

  private double duplicates(SmartDoor smartDoor, String service) throws Exception {
    try (var http = HttpClient.newHttpClient()) {
      var request =
          HttpRequest.newBuilder(
                  URI.create(
                      smartDoor.address(service) + "/actuator/metrics/smartdoor.events.duplicates"))
              .header("Authorization", "Bearer " + smartDoor.adminToken())
              .build();
      var answer = http.send(request, BodyHandlers.ofString());
      if (answer.statusCode() == 404) {
        return 0; // nothing was counted yet
      }
      return json.readTree(answer.body()).at("/measurements/0/value").asDouble();
    }
  }

  private static EventBridgeClient client(JsonNode running) {
    var credentials = AwsBasicCredentials.create(running.get("account").stringValue(), "local");
    return EventBridgeClient.builder()
        .endpointOverride(URI.create(running.get("endpoint").stringValue()))
        .region(Region.of(running.get("region").stringValue()))
        .credentialsProvider(StaticCredentialsProvider.create(credentials))
        .build();
  }
}
