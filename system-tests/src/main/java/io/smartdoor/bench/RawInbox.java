package io.smartdoor.bench;

import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromN;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromS;

import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import tools.jackson.databind.JsonNode;

/**
 * The one write that puts a notification into an inbox: the entry, the recipient's counter and the
 * condition that the recipient is there, in one transaction of the same items as the notification
 * service's. The only writer of this inbox, so it knows where the counter stands.
 */
final class RawInbox {

  private static final Duration KEPT = Duration.ofDays(90);

  private final DynamoDbClient dynamoDb;
  private final String inboxTable;
  private final String recipientsTable;
  private final Clock clock;
  private final Lock turn = new ReentrantLock();
  private long last;

  private RawInbox(
      DynamoDbClient dynamoDb, String inboxTable, String recipientsTable, Clock clock) {
    this.dynamoDb = dynamoDb;
    this.inboxTable = inboxTable;
    this.recipientsTable = recipientsTable;
    this.clock = clock;
  }

  /** The inbox of a recipient who is then registered. */
  static RawInbox of(
      DynamoDbClient dynamoDb, String inboxTable, String recipientsTable, Clock clock) {
    var inbox = new RawInbox(dynamoDb, inboxTable, recipientsTable, clock);
    inbox.open();
    return inbox;
  }

  /** One at a time: transactions on one counter would only make each other fail. */
  void place(RawEvent event) {
    turn.lock();
    try {
      dynamoDb.transactWriteItems(
          it -> it.transactItems(present(), entry(event, last + 1), counter(last + 1)));
      last++;
    } finally {
      turn.unlock();
    }
  }

  /** So that there is somebody to put something in the inbox of, and it is known how full it is. */
  private void open() {
    dynamoDb.putItem(
        it -> it.tableName(recipientsTable).item(Map.of("id", fromS(Household.RECIPIENT))));
    var counter =
        dynamoDb.getItem(it -> it.tableName(inboxTable).key(key("seq")).consistentRead(true));
    var found = counter.hasItem() ? counter.item().get("last") : null;
    last = found == null ? 0 : Long.parseLong(found.n());
  }

  private TransactWriteItem present() {
    return TransactWriteItem.builder()
        .conditionCheck(it ->
            it.tableName(recipientsTable)
                .key(Map.of("id", fromS(Household.RECIPIENT)))
                .conditionExpression("attribute_exists(#id) AND attribute_not_exists(#leaving)")
                .expressionAttributeNames(Map.of("#id", "id", "#leaving", "leaving")))
        .build();
  }

  private TransactWriteItem entry(RawEvent event, long seq) {
    var item = new HashMap<>(key(event.key()));
    item.put("seq", number(seq));
    item.put("rank", number(1));
    item.put("title", fromS("Front door"));
    item.put("body", fromS("The door was opened."));
    item.put("level", fromS("notice"));
    item.put("detail-type", fromS(event.detailType()));
    item.put("idempotency-key", fromS(event.key()));
    item.put("at", fromS(text(event.detail().path("metadata"), "occurred-at")));
    item.put("expires-at", number(clock.instant().plus(KEPT).getEpochSecond()));
    item.put("door-id", fromS(text(event.detail().path("door"), "id")));
    item.put("door-name", fromS(text(event.detail().path("door"), "name")));
    return TransactWriteItem.builder()
        .put(it ->
            it.tableName(inboxTable)
                .item(item)
                .conditionExpression("attribute_not_exists(#item) OR #rank < :rank")
                .expressionAttributeNames(Map.of("#item", "item", "#rank", "rank"))
                .expressionAttributeValues(Map.of(":rank", number(1))))
        .build();
  }

  private TransactWriteItem counter(long next) {
    var values = new HashMap<>(Map.of(":next", number(next)));
    if (next > 1) {
      values.put(":last", number(next - 1));
    }
    return TransactWriteItem.builder()
        .update(it ->
            it.tableName(inboxTable)
                .key(key("seq"))
                .updateExpression("SET #last = :next")
                .conditionExpression(next > 1 ? "#last = :last" : "attribute_not_exists(#last)")
                .expressionAttributeNames(Map.of("#last", "last"))
                .expressionAttributeValues(values)
                .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD))
        .build();
  }

  private static Map<String, AttributeValue> key(String item) {
    return Map.of("recipient", fromS(Household.RECIPIENT), "item", fromS(item));
  }

  private static String text(JsonNode node, String name) {
    return node.path(name).stringValue();
  }

  private static AttributeValue number(long value) {
    return fromN(Long.toString(value));
  }
}
