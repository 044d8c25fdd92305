package io.smartdoor.lock.outbox;

import static io.smartdoor.lock.outbox.DynamoDbOutbox.number;
import static io.smartdoor.lock.outbox.DynamoDbOutbox.optional;
import static io.smartdoor.lock.outbox.DynamoDbOutbox.string;
import static io.smartdoor.lock.outbox.DynamoDbOutbox.text;

import io.smartdoor.events.DoorId;
import io.smartdoor.events.IdempotencyKey;
import io.smartdoor.messaging.publishing.OutgoingEvent;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;

/** The outbox's items that are in its index {@code parked}. */
final class DynamoDbParkedEvents implements ParkedEvents {

  private static final Logger log = LoggerFactory.getLogger(DynamoDbParkedEvents.class);

  private static final String UNPARKED_BY = "unparked-by";
  private static final String REDRIVEN_AT = "redriven-at";
  private static final String DROPPED_AT = "dropped-at";
  private static final String DROP_REASON = "drop-reason";

  private final DynamoDbClient dynamoDb;
  private final String table;
  private final Supplier<UUID> writes;
  private final OutboxMetrics metrics;

  /**
   * @param writes a new id for every write: tells its own, repeated after a lost answer, from
   *     another's
   */
  DynamoDbParkedEvents(
      DynamoDbClient dynamoDb, String table, Supplier<UUID> writes, OutboxMetrics metrics) {
    this.dynamoDb = dynamoDb;
    this.table = table;
    this.writes = writes;
    this.metrics = metrics;
  }

  @Override
  public ParkedPage page(int limit, Optional<HistoryPosition> after) {
    var query =
        QueryRequest.builder()
            .tableName(table)
            .indexName("parked")
            .keyConditionExpression("#parked = :parked")
            .expressionAttributeNames(Map.of("#parked", DynamoDbOutbox.PARKED))
            .expressionAttributeValues(Map.of(":parked", string(DynamoDbOutbox.PARKED)))
            .limit(limit);
    after.ifPresent(it -> query.exclusiveStartKey(startKey(it)));
    var found = dynamoDb.query(query.build());
    return new ParkedPage(
        found.items().stream().flatMap(this::readable).toList(),
        found.hasLastEvaluatedKey() && !found.lastEvaluatedKey().isEmpty()
            ? Optional.of(position(found.lastEvaluatedKey()))
            : Optional.empty());
  }

  private static Map<String, AttributeValue> startKey(HistoryPosition position) {
    return Map.of(
        DynamoDbOutbox.PARKED, string(DynamoDbOutbox.PARKED),
        DynamoDbOutbox.PARKED_AT, string(HistoryPosition.sortable(position.occurredAt())),
        DynamoDbOutbox.KEY, string(position.key().toString()));
  }

  private static HistoryPosition position(Map<String, AttributeValue> item) {
    return new HistoryPosition(
        Instant.parse(text(item, DynamoDbOutbox.PARKED_AT)),
        IdempotencyKey.of(text(item, DynamoDbOutbox.KEY)));
  }

  /** A query, which may be consistent and is among what the service may do. */
  @Override
  public Optional<ParkedEvent> find(IdempotencyKey key) {
    return dynamoDb
        .query(it ->
            it.tableName(table)
                .consistentRead(true)
                .keyConditionExpression("#key = :key")
                .expressionAttributeNames(Map.of("#key", DynamoDbOutbox.KEY))
                .expressionAttributeValues(Map.of(":key", string(key.toString()))))
        .items()
        .stream()
        .filter(it -> it.containsKey(DynamoDbOutbox.PARKED))
        .flatMap(this::readable)
        .findFirst();
  }

  private Stream<ParkedEvent> readable(Map<String, AttributeValue> item) {
    try {
      return Stream.of(event(item));
    } catch (RuntimeException e) {
      metrics.unreadable();
      log.error(
          "the outbox's parked item {} is left out: {}",
          item.get(DynamoDbOutbox.KEY),
          e.toString());
      return Stream.empty();
    }
  }

  private static ParkedEvent event(Map<String, AttributeValue> item) {
    var position = position(item);
    return new ParkedEvent(
        position.key(),
        new DoorId(text(item, DynamoDbOutbox.DOOR)),
        new OutgoingEvent(
            text(item, DynamoDbOutbox.DETAIL_TYPE),
            text(item, DynamoDbOutbox.DETAIL),
            item
                .getOrDefault(DynamoDbOutbox.RESOURCES, AttributeValue.fromL(List.of()))
                .l()
                .stream()
                .map(AttributeValue::s)
                .toList(),
            Instant.parse(text(item, DynamoDbOutbox.TIME))),
        Instant.parse(text(item, DynamoDbOutbox.ACCEPTED_AT)),
        position.occurredAt(),
        text(item, DynamoDbOutbox.PARKED_CODE),
        text(item, DynamoDbOutbox.PARKED_MESSAGE));
  }

  @Override
  public Unparking redrive(IdempotencyKey key, Instant now) {
    return unpark(
        key,
        "SET #shard = :shard, #since = :at, #leasedUntil = :now, #attempts = :none,"
            + " #redrivenAt = :at, #by = :by REMOVE #parked, #parkedAt, #parkedCode,"
            + " #parkedMessage",
        Map.of(
            "#shard", DynamoDbOutbox.PENDING_SHARD,
            "#since", DynamoDbOutbox.PENDING_SINCE,
            "#leasedUntil", DynamoDbOutbox.LEASED_UNTIL,
            "#attempts", DynamoDbOutbox.ATTEMPTS,
            "#redrivenAt", REDRIVEN_AT,
            "#parkedAt", DynamoDbOutbox.PARKED_AT,
            "#parkedCode", DynamoDbOutbox.PARKED_CODE,
            "#parkedMessage", DynamoDbOutbox.PARKED_MESSAGE),
        Map.of(
            ":shard", string(DynamoDbOutbox.shardOf(key)),
            ":at", string(HistoryPosition.sortable(now)),
            ":now", number(now.toEpochMilli()),
            ":none", number(0)));
  }

  /** Code and message of the refusal stay beside the reason: together they are the record. */
  @Override
  public Unparking drop(IdempotencyKey key, DropReason reason, Instant now, Instant expiresAt) {
    return unpark(
        key,
        "SET #droppedAt = :at, #reason = :reason, #expiresAt = :expiresAt, #by = :by"
            + " REMOVE #parked",
        Map.of(
            "#droppedAt", DROPPED_AT,
            "#reason", DROP_REASON,
            "#expiresAt", DynamoDbOutbox.EXPIRES_AT),
        Map.of(
            ":at", string(HistoryPosition.sortable(now)),
            ":reason", string(reason.value()),
            ":expiresAt", number(expiresAt.getEpochSecond())));
  }

  private Unparking unpark(
      IdempotencyKey key,
      String change,
      Map<String, String> names,
      Map<String, AttributeValue> values) {
    var write = writes.get().toString();
    var allNames = new HashMap<>(names);
    allNames.put("#parked", DynamoDbOutbox.PARKED);
    allNames.put("#by", UNPARKED_BY);
    var allValues = new HashMap<>(values);
    allValues.put(":by", string(write));
    try {
      dynamoDb.updateItem(it ->
          it.tableName(table)
              .key(Map.of(DynamoDbOutbox.KEY, string(key.toString())))
              .updateExpression(change)
              .conditionExpression("attribute_exists(#parked)")
              .expressionAttributeNames(allNames)
              .expressionAttributeValues(allValues)
              .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD));
      return new Unparking.Done();
    } catch (ConditionalCheckFailedException e) {
      return e.hasItem() && !e.item().isEmpty()
          ? instead(e.item(), write)
          : new Unparking.Unknown();
    }
  }

  /** What the item is that was not parked: perhaps this very write, whose answer was lost. */
  private static Unparking instead(Map<String, AttributeValue> stored, String write) {
    if (optional(stored, UNPARKED_BY).equals(Optional.of(write))) {
      return new Unparking.Done();
    }
    return new Unparking.NotParked(
        stored.containsKey(DynamoDbOutbox.PENDING_SHARD)
            ? Unparking.State.PENDING
            : stored.containsKey(DynamoDbOutbox.PUBLISHED_AT)
                ? Unparking.State.PUBLISHED
                : Unparking.State.DROPPED);
  }
}
