package io.smartdoor.bench;

import static java.nio.charset.StandardCharsets.UTF_8;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromL;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromN;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromS;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.Executors;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;
import software.amazon.awssdk.services.eventbridge.EventBridgeClient;
import software.amazon.awssdk.services.eventbridge.model.PutEventsRequestEntry;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The floor of a lock service: one conditional write per webhook, an answer, and loops that put
 * what was written on the bus, in tens while there is much, and mark it as published. No signature
 * is checked, no door looked up, no failure handled, nothing logged or counted.
 */
final class RawLock {

  /** EventBridge's largest batch. */
  private static final int BATCH = 10;

  /** As many as the service has. */
  private static final int RELAYS = 4;

  private static final int SHARDS = 8;
  private static final Duration LEASE = Duration.ofSeconds(40);
  private static final Duration RETENTION = Duration.ofDays(90);

  private final DynamoDbClient dynamoDb;
  private final String outboxTable;
  private final EventBridgeClient eventBridge;
  private final String bus;
  private final Clock clock;
  private final Waiting waiting = new Waiting();

  /** An event that was accepted, as it goes onto the bus. */
  record Accepted(String key, String door, String detail) {}

  RawLock(
      DynamoDbClient dynamoDb,
      String outboxTable,
      EventBridgeClient eventBridge,
      String bus,
      Clock clock) {
    this.dynamoDb = dynamoDb;
    this.outboxTable = outboxTable;
    this.eventBridge = eventBridge;
    this.bus = bus;
    this.clock = clock;
  }

  void start() {
    for (var i = 0; i < RELAYS; i++) {
      Thread.ofVirtual().name("relay-" + i).start(this::relay);
    }
  }

  /** Answers one webhook. */
  void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      var accepted = accept(exchange);
      var receipt =
          "{\"idempotency-key\":\"%s\",\"door\":\"%s\",\"accepted-at\":\"%s\"}"
              .formatted(accepted.key(), accepted.door(), clock.instant())
              .getBytes(UTF_8);
      exchange.getResponseHeaders().set("content-type", "application/json");
      exchange.sendResponseHeaders(202, receipt.length);
      exchange.getResponseBody().write(receipt);
      waiting.offer(accepted);
    }
  }

  /** The one write that makes a webhook accepted. */
  Accepted accept(HttpExchange exchange) throws IOException {
    var body = exchange.getRequestBody().readAllBytes();
    var key = exchange.getRequestHeaders().getFirst("webhook-id");
    var door = exchange.getRequestURI().getPath().split("/", -1)[3];
    var report = JsonMapper.shared().readTree(body);
    var accepted = new Accepted(key, door, detail(key, door, report));
    dynamoDb.putItem(it ->
        it.tableName(outboxTable)
            .item(item(accepted, body, report.path("occurred-at").stringValue()))
            .conditionExpression("attribute_not_exists(#key)")
            .expressionAttributeNames(Map.of("#key", "idempotency-key"))
            .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD));
    return accepted;
  }

  private String detail(String key, String door, JsonNode report) {
    var json = JsonMapper.shared().createObjectNode();
    json.putObject("metadata")
        .put("idempotency-key", key)
        .put("occurred-at", report.path("occurred-at").stringValue())
        .put("accepted-at", clock.instant().toString())
        .put("schema-version", 1);
    json.put("state", report.path("state").stringValue());
    json.putObject("door").put("id", door).put("name", "Front door");
    if (report.has("user")) {
      json.set("user", report.path("user"));
    }
    return json.toString();
  }

  private Map<String, AttributeValue> item(Accepted event, byte[] body, String occurredAt) {
    var now = clock.instant();
    var item = new HashMap<String, AttributeValue>();
    item.put("idempotency-key", fromS(event.key()));
    item.put("door", fromS(event.door()));
    item.put("occurred", fromS(occurredAt + "#" + event.key()));
    item.put("occurred-at", fromS(occurredAt));
    item.put("accepted-at", fromS(now.toString()));
    item.put("body-digest", fromS(digest(body)));
    item.put("write", fromS(UUID.randomUUID().toString()));
    item.put("detail-type", fromS("Door Status"));
    item.put("detail", fromS(event.detail()));
    item.put("resources", fromL(List.of(fromS("door/" + event.door()))));
    item.put("time", fromS(occurredAt));
    item.put(
        "pending-shard", fromS(Integer.toString(Math.floorMod(event.key().hashCode(), SHARDS))));
    item.put("pending-since", fromS(now.toString()));
    item.put("leased-until", number(now.plus(LEASE).toEpochMilli()));
    item.put("attempts", number(0));
    return item;
  }

  private static String digest(byte[] body) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(body));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private void relay() {
    try {
      while (true) {
        var batch = waiting.take();
        publish(batch);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
          batch.forEach(it -> threads.execute(() -> settle(it)));
        }
        waiting.done();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void publish(List<Accepted> batch) {
    var now = clock.instant();
    var entries =
        batch.stream()
            .map(event ->
                PutEventsRequestEntry.builder()
                    .eventBusName(bus)
                    .source("SmartDoor")
                    .detailType("Door Status")
                    .detail(event.detail())
                    .resources("door/" + event.door())
                    .time(now)
                    .build())
            .toList();
    var failed = eventBridge.putEvents(it -> it.entries(entries)).failedEntryCount();
    if (failed > 0) {
      throw new IllegalStateException(
          "expected the bus to take all, found %d left".formatted(failed));
    }
  }

  private void settle(Accepted event) {
    var now = clock.instant();
    dynamoDb.updateItem(it ->
        it.tableName(outboxTable)
            .key(Map.of("idempotency-key", fromS(event.key())))
            .updateExpression(
                "SET #publishedAt = if_not_exists(#publishedAt, :at), #expiresAt = :expiresAt"
                    + " REMOVE #shard, #since, #leasedUntil, #parked, #parkedAt, #parkedCode,"
                    + " #parkedMessage")
            .conditionExpression("attribute_exists(#key)")
            .expressionAttributeNames(
                Map.of(
                    "#key", "idempotency-key",
                    "#publishedAt", "published-at",
                    "#expiresAt", "expires-at",
                    "#shard", "pending-shard",
                    "#since", "pending-since",
                    "#leasedUntil", "leased-until",
                    "#parked", "parked",
                    "#parkedAt", "parked-at",
                    "#parkedCode", "parked-code",
                    "#parkedMessage", "parked-message"))
            .expressionAttributeValues(
                Map.of(
                    ":at", fromS(now.toString()),
                    ":expiresAt", number(now.plus(RETENTION).getEpochSecond()))));
  }

  private static AttributeValue number(long value) {
    return fromN(Long.toString(value));
  }

  /** Whoever finds nobody at work takes what there is; the others wait for ten. */
  private static final class Waiting {

    private final Queue<Accepted> events = new ArrayDeque<>();
    private int working;

    synchronized void offer(Accepted event) {
      events.add(event);
      notifyAll();
    }

    synchronized List<Accepted> take() throws InterruptedException {
      while (events.isEmpty() || (working > 0 && events.size() < BATCH)) {
        wait();
      }
      var batch = new ArrayList<Accepted>();
      while (batch.size() < BATCH && !events.isEmpty()) {
        batch.add(events.remove());
      }
      working++;
      return batch;
    }

    synchronized void done() {
      working--;
      notifyAll();
    }
  }
}
