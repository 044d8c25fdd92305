package io.smartdoor.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What an operator does about dead letters, in a SmartDoor that runs. */
class DeadLettersTest {

  private static final Duration SOON = Duration.ofSeconds(60);
  private static final String QUEUE = "smartdoor-notification";
  private static final String OUTBOX = "smartdoor-lock-outbox";

  @Test
  void areListedExplainedRedrivenAndDroppedAlikeWhereverTheyLie(@TempDir Path home)
      throws Exception {
    try (var smartDoor = SmartDoor.in(home).up();
        var sqs = sqs(smartDoor.status());
        var dynamoDb = dynamoDb(smartDoor.status())) {
      var key = keyOf(smartDoor.run("door", "open", "front-door").succeeded().output());
      smartDoor.inboxOnce("me", items -> items.size() == 1);
      var accepted =
          await()
              .atMost(SOON)
              .until(() -> item(dynamoDb, key), item -> item.containsKey("published-at"));

      // What the subscriber rejects: a redrive brings it back, until somebody drops it.
      send(sqs, QUEUE, "no JSON", Map.of());
      var rejected = letter(smartDoor, it -> text(it, "reason").equals("undecodable"));
      assertThat(text(rejected, "place")).isEqualTo("notification-dlq");
      smartDoor.run("dlq", "redrive", text(rejected, "id")).succeeded();
      var again =
          letter(
              smartDoor,
              it ->
                  text(it, "reason").equals("undecodable")
                      && !text(it, "id").equals(text(rejected, "id")));
      var dropped = smartDoor.run("dlq", "drop", text(again, "id"), "--reason", "sent by a test");
      assertThat(dropped.succeeded().output()).contains("dropped.jsonl");
      assertThat(Repository.text(home.resolve("dropped.jsonl")))
          .contains("no JSON", "sent by a test");

      // What EventBridge could not deliver, and what was handled all the same: found handled.
      var duplicates = duplicates(smartDoor);
      send(
          sqs,
          QUEUE + "-rule-dlq",
          envelope(accepted, key, key),
          Map.of("ERROR_CODE", "NO_PERMISSIONS"));
      var undelivered = letter(smartDoor, it -> text(it, "reason").equals("NO_PERMISSIONS"));
      assertThat(text(undelivered, "idempotency-key")).isEqualTo(key);
      var shown = smartDoor.run("dlq", "show", text(undelivered, "id").substring(0, 8));
      assertThat(shown.succeeded().output())
          .containsSubsequence("lock: accepted from door front-door", "lock: published")
          .contains("notification: handled, at attempt 1", "identification: execution succeeded");
      smartDoor.run("dlq", "redrive", text(undelivered, "id")).succeeded();
      await().atMost(SOON).until(() -> duplicates(smartDoor) > duplicates);
      assertThat(smartDoor.inbox("me")).hasSize(1);

      // What was rejected wrongly, and what the bus refused: handled now.
      var wronged = UUID.randomUUID().toString();
      send(
          sqs,
          QUEUE + "-dlq",
          envelope(accepted, key, wronged),
          Map.of("reason", "attempts-exhausted"));
      var parked = park(dynamoDb, accepted, key);
      var hopeless = park(dynamoDb, accepted, key);
      assertThat(letters(smartDoor))
          .extracting(it -> text(it, "idempotency-key"))
          .containsExactlyInAnyOrder(wronged, parked, hopeless);
      smartDoor.run("dlq", "drop", hopeless, "--reason", "nobody wants it").succeeded();
      assertThat(item(dynamoDb, hopeless))
          .containsEntry("drop-reason", AttributeValue.fromS("nobody wants it"))
          .doesNotContainKey("parked");

      smartDoor.run("dlq", "redrive", "--yes").succeeded();

      smartDoor.inboxOnce("me", items -> items.size() == 3);
      assertThat(item(dynamoDb, parked)).containsKeys("published-at", "redriven-at");
      assertThat(smartDoor.run("dlq", "list").succeeded().output()).isEqualTo("no dead letters\n");
      var unknown = smartDoor.run("dlq", "show", wronged);
      assertThat(unknown.exitCode()).isEqualTo(1);
      assertThat(unknown.errors().lines())
          .singleElement()
          .asString()
          .contains("./smartdoor dlq list");
    }
  }

  private static List<JsonNode> letters(SmartDoor smartDoor) {
    return List.copyOf(
        smartDoor.run("dlq", "list", "--json").succeeded().json().get("dead-letters").values());
  }

  private static JsonNode letter(SmartDoor smartDoor, Predicate<JsonNode> expected) {
    return await()
        .atMost(SOON)
        .until(() -> letters(smartDoor).stream().filter(expected).findFirst(), it -> it.isPresent())
        .orElseThrow();
  }

  private static String text(JsonNode letter, String field) {
    return letter.path(field).asString("");
  }

  private static String keyOf(String answer) {
    var document = answer.substring(answer.indexOf('{'));
    return JsonMapper.shared().readTree(document).get("idempotency-key").stringValue();
  }

  private static double duplicates(SmartDoor smartDoor) throws IOException, InterruptedException {
    var request =
        HttpRequest.newBuilder(
                URI.create(
                    smartDoor.address("notification-service")
                        + "/actuator/metrics/smartdoor.events.duplicates"))
            .header("Authorization", "Bearer " + smartDoor.adminToken())
            .build();
    try (var client = HttpClient.newHttpClient()) {
      var response = client.send(request, BodyHandlers.ofString());
      return response.statusCode() == 404
          ? 0
          : JsonMapper.shared().readTree(response.body()).at("/measurements/0/value").asDouble();
    }
  }

  /** The event as the bus would have delivered it, under another key. */
  private static String envelope(
      Map<String, AttributeValue> accepted, String key, String otherKey) {
    return ("{\"version\":\"0\",\"detail-type\":\"%s\",\"source\":\"SmartDoor\","
            + "\"time\":\"%s\",\"detail\":%s}")
        .formatted(
            text(accepted, "detail-type"),
            text(accepted, "time"),
            text(accepted, "detail").replace(key, otherKey));
  }

  /** An item as the outbox parks it, for an event like that. */
  private static String park(
      DynamoDbClient dynamoDb, Map<String, AttributeValue> accepted, String key) {
    var parked = UUID.randomUUID().toString();
    var item = new HashMap<>(accepted);
    List.of("published-at", "expires-at", "leased-by").forEach(item::remove);
    for (var attribute : List.of("idempotency-key", "detail", "occurred")) {
      item.put(attribute, AttributeValue.fromS(text(accepted, attribute).replace(key, parked)));
    }
    item.put("parked", AttributeValue.fromS("parked"));
    item.put("parked-at", AttributeValue.fromS("2026-01-31T12:00:00.123Z"));
    item.put("parked-code", AttributeValue.fromS("MalformedDetail"));
    item.put("parked-message", AttributeValue.fromS("Detail is malformed."));
    dynamoDb.putItem(it -> it.tableName(OUTBOX).item(item));
    return parked;
  }

  private static String text(Map<String, AttributeValue> item, String attribute) {
    return Objects.requireNonNull(item.get(attribute), attribute).s();
  }

  private static Map<String, AttributeValue> item(DynamoDbClient dynamoDb, String key) {
    return dynamoDb
        .getItem(it ->
            it.tableName(OUTBOX)
                .consistentRead(true)
                .key(Map.of("idempotency-key", AttributeValue.fromS(key))))
        .item();
  }

  private static void send(
      SqsClient sqs, String queue, String body, Map<String, String> attributes) {
    var all = new HashMap<String, MessageAttributeValue>();
    attributes.forEach((name, value) ->
        all.put(
            name, MessageAttributeValue.builder().dataType("String").stringValue(value).build()));
    var url = sqs.getQueueUrl(it -> it.queueName(queue)).queueUrl();
    sqs.sendMessage(it -> it.queueUrl(url).messageBody(body).messageAttributes(all));
  }

  private static SqsClient sqs(JsonNode running) {
    return SqsClient.builder()
        .endpointOverride(URI.create(running.get("endpoint").stringValue()))
        .region(Region.of(running.get("region").stringValue()))
        .credentialsProvider(credentials(running))
        .build();
  }

  private static DynamoDbClient dynamoDb(JsonNode running) {
    return DynamoDbClient.builder()
        .endpointOverride(URI.create(running.get("endpoint").stringValue()))
        .region(Region.of(running.get("region").stringValue()))
        .credentialsProvider(credentials(running))
        .build();
  }

  private static StaticCredentialsProvider credentials(JsonNode running) {
    return StaticCredentialsProvider.create(
        AwsBasicCredentials.create(running.get("account").stringValue(), "local"));
  }
}
