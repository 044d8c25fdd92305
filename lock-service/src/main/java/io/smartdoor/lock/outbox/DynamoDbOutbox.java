package io.smartdoor.lock.outbox;

import io.smartdoor.events.DoorId;
import io.smartdoor.events.DoorStatus;
import io.smartdoor.events.EventCodec;
import io.smartdoor.events.IdempotencyKey;
import io.smartdoor.events.SmartDoorEvent;
import io.smartdoor.messaging.publishing.OutgoingEvent;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;
import software.amazon.awssdk.services.dynamodb.model.ReturnValue;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;
import software.amazon.awssdk.services.dynamodb.model.Select;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;

/**
 * One item per accepted event, under its idempotency key alone. Three indexes: {@code pending} and
 * {@code parked}, which hold an item only while it is so, and {@code by-door}.
 */
final class DynamoDbOutbox implements Outbox, Backlog {

  private static final Logger log = LoggerFactory.getLogger(DynamoDbOutbox.class);

  /** How many pending items one query reads: at 2 KiB each half of the 1 MB that it may. */
  private static final int DUE_PAGE = 250;

  /** How many items are looked at after a door's newest turned out not to be readable. */
  private static final int FURTHER_BACK = 10;

  static final String KEY = "idempotency-key";
  static final String DOOR = "door";
  static final String OCCURRED = "occurred";
  static final String OCCURRED_AT = "occurred-at";
  static final String ACCEPTED_AT = "accepted-at";
  static final String BODY_DIGEST = "body-digest";
  static final String WRITE = "write";
  static final String DETAIL_TYPE = "detail-type";
  static final String DETAIL = "detail";
  static final String RESOURCES = "resources";
  static final String TIME = "time";
  static final String PENDING_SHARD = "pending-shard";
  static final String PENDING_SINCE = "pending-since";
  static final String LEASED_UNTIL = "leased-until";
  static final String LEASED_BY = "leased-by";
  static final String ATTEMPTS = "attempts";
  static final String PUBLISHED_AT = "published-at";
  static final String EXPIRES_AT = "expires-at";
  static final String PARKED = "parked";
  static final String PARKED_AT = "parked-at";
  static final String PARKED_CODE = "parked-code";
  static final String PARKED_MESSAGE = "parked-message";

  private final DynamoDbClient dynamoDb;
  private final String table;
  private final Duration lease;
  private final EventCodec codec;
  private final Supplier<UUID> writes;
  private final OutboxMetrics metrics;

  /**
   * @param lease of the instance that accepts an event
   * @param writes a new id for every write: tells its own, repeated after a lost answer, from
   *     another's
   */
  DynamoDbOutbox(
      DynamoDbClient dynamoDb,
      String table,
      Duration lease,
      EventCodec codec,
      Supplier<UUID> writes,
      OutboxMetrics metrics) {
    this.dynamoDb = dynamoDb;
    this.table = table;
    this.lease = lease;
    this.codec = codec;
    this.writes = writes;
    this.metrics = metrics;
  }

  @Override
  public Acceptance accept(AcceptedEvent event) {
    var write = writes.get().toString();
    try {
      dynamoDb.putItem(it ->
          it.tableName(table)
              .item(item(event, write))
              .conditionExpression("attribute_not_exists(#key)")
              .expressionAttributeNames(Map.of("#key", KEY))
              .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD));
      return new Acceptance.New(receipt(event));
    } catch (ConditionalCheckFailedException e) {
      return known(event, write, e.item());
    }
  }

  private static Acceptance known(
      AcceptedEvent event, String write, Map<String, AttributeValue> stored) {
    if (text(stored, WRITE).equals(write)) {
      return new Acceptance.New(receipt(event));
    }
    var isSame =
        text(stored, DOOR).equals(event.door().value())
            && text(stored, BODY_DIGEST).equals(event.body().value());
    return isSame
        ? new Acceptance.Replayed(
            new Receipt(event.key(), event.door(), Instant.parse(text(stored, ACCEPTED_AT))))
        : new Acceptance.Conflicting();
  }

  private static Receipt receipt(AcceptedEvent event) {
    return new Receipt(event.key(), event.door(), event.acceptedAt());
  }

  private Map<String, AttributeValue> item(AcceptedEvent event, String write) {
    var outgoing = event.outgoing();
    var pending = PendingEvent.accepted(event, lease);
    var item = new HashMap<String, AttributeValue>();
    item.put(KEY, string(event.key().toString()));
    item.put(DOOR, string(event.door().value()));
    item.put(OCCURRED, string(new HistoryPosition(event.occurredAt(), event.key()).sortKey()));
    item.put(OCCURRED_AT, string(event.occurredAt().toString()));
    item.put(ACCEPTED_AT, string(event.acceptedAt().toString()));
    item.put(BODY_DIGEST, string(event.body().value()));
    item.put(WRITE, string(write));
    item.put(DETAIL_TYPE, string(outgoing.detailType()));
    item.put(DETAIL, string(outgoing.detail()));
    item.put(
        RESOURCES,
        AttributeValue.fromL(outgoing.resources().stream().map(DynamoDbOutbox::string).toList()));
    item.put(TIME, string(outgoing.time().toString()));
    item.put(PENDING_SHARD, string(shardOf(event.key())));
    item.put(PENDING_SINCE, string(HistoryPosition.sortable(pending.since())));
    item.put(LEASED_UNTIL, number(pending.leasedUntil().toEpochMilli()));
    item.put(ATTEMPTS, number(0));
    return item;
  }

  @Override
  public Optional<RecordedEvent> newest(DoorId door) {
    var page = history(door, 1, Optional.empty());
    while (page.items().isEmpty() && page.next().isPresent()) {
      page = history(door, FURTHER_BACK, page.next());
    }
    return page.items().stream().findFirst();
  }

  /** A hundred items, at 1 KiB of detail each, are well within the 1 MB that a query reads. */
  @Override
  public HistoryPage history(DoorId door, int limit, Optional<HistoryPosition> before) {
    var values = new HashMap<String, AttributeValue>();
    values.put(":door", string(door.value()));
    before.ifPresent(it -> values.put(":before", string(it.sortKey())));
    var found =
        dynamoDb
            .query(it ->
                it.tableName(table)
                    .indexName("by-door")
                    .keyConditionExpression(
                        before.isPresent()
                            ? "#door = :door AND #occurred < :before"
                            : "#door = :door")
                    .expressionAttributeNames(
                        before.isPresent()
                            ? Map.of("#door", DOOR, "#occurred", OCCURRED)
                            : Map.of("#door", DOOR))
                    .expressionAttributeValues(values)
                    .scanIndexForward(false)
                    .limit(limit + 1))
            .items();
    var shown = found.stream().limit(limit).toList();
    return new HistoryPage(
        shown.stream().flatMap(it -> readable(it, this::recorded)).toList(),
        found.size() > limit
            ? shown.reversed().stream()
                .flatMap(it -> readable(it, DynamoDbOutbox::position))
                .findFirst()
            : Optional.empty());
  }

  private static HistoryPosition position(Map<String, AttributeValue> item) {
    return HistoryPosition.ofSortKey(text(item, OCCURRED));
  }

  /** Nothing for an item that somebody spoiled: it is to stand in no other's way. */
  private <T> Stream<T> readable(
      Map<String, AttributeValue> item, Function<Map<String, AttributeValue>, T> read) {
    try {
      return Stream.of(read.apply(item));
    } catch (RuntimeException e) {
      metrics.unreadable();
      log.error("the outbox's item {} is left out: {}", item.get(KEY), e.toString());
      return Stream.empty();
    }
  }

  private RecordedEvent recorded(Map<String, AttributeValue> item) {
    return new RecordedEvent(
        event(item),
        Instant.parse(text(item, OCCURRED_AT)),
        Instant.parse(text(item, ACCEPTED_AT)),
        optional(item, PUBLISHED_AT).map(Instant::parse),
        optional(item, PARKED_CODE));
  }

  private DoorStatus event(Map<String, AttributeValue> item) {
    var envelope =
        "{\"source\":\"%s\",\"detail-type\":\"%s\",\"time\":\"%s\",\"detail\":%s}"
            .formatted(
                SmartDoorEvent.SOURCE,
                text(item, DETAIL_TYPE),
                text(item, TIME),
                text(item, DETAIL));
    return (DoorStatus) codec.decode(envelope).event();
  }

  @Override
  public Iterable<List<PendingEvent>> due(int shard, Instant now) {
    var pages =
        dynamoDb.queryPaginator(
            inShard(shard)
                .limit(DUE_PAGE)
                .filterExpression("#leasedUntil <= :now")
                .expressionAttributeNames(
                    Map.of("#shard", PENDING_SHARD, "#leasedUntil", LEASED_UNTIL))
                .expressionAttributeValues(
                    Map.of(
                        ":shard", string(String.valueOf(shard)),
                        ":now", number(now.toEpochMilli())))
                .build());
    return () -> pages.stream().map(it -> pending(it.items())).iterator();
  }

  private List<PendingEvent> pending(List<Map<String, AttributeValue>> items) {
    return items.stream().flatMap(it -> readable(it, DynamoDbOutbox::pending)).toList();
  }

  private QueryRequest.Builder inShard(int shard) {
    return QueryRequest.builder()
        .tableName(table)
        .indexName("pending")
        .keyConditionExpression("#shard = :shard")
        .expressionAttributeNames(Map.of("#shard", PENDING_SHARD))
        .expressionAttributeValues(Map.of(":shard", string(String.valueOf(shard))));
  }

  private static PendingEvent pending(Map<String, AttributeValue> item) {
    return new PendingEvent(
        IdempotencyKey.of(text(item, KEY)),
        new OutgoingEvent(
            text(item, DETAIL_TYPE),
            text(item, DETAIL),
            attribute(item, RESOURCES).l().stream().map(AttributeValue::s).toList(),
            Instant.parse(text(item, TIME))),
        Instant.parse(text(item, ACCEPTED_AT)),
        Instant.ofEpochMilli(Long.parseLong(attribute(item, LEASED_UNTIL).n())),
        Integer.parseInt(attribute(item, ATTEMPTS).n()));
  }

  @Override
  public Optional<PendingEvent> lease(PendingEvent event, Instant now, Instant until) {
    var write = writes.get().toString();
    try {
      var leased =
          dynamoDb.updateItem(
              updating(event)
                  .updateExpression("SET #leasedUntil = :until, #leasedBy = :write")
                  .conditionExpression("attribute_exists(#shard) AND #leasedUntil <= :now")
                  .expressionAttributeNames(
                      Map.of(
                          "#shard", PENDING_SHARD,
                          "#leasedUntil", LEASED_UNTIL,
                          "#leasedBy", LEASED_BY))
                  .expressionAttributeValues(
                      Map.of(
                          ":until", number(until.toEpochMilli()),
                          ":now", number(now.toEpochMilli()),
                          ":write", string(write)))
                  .returnValues(ReturnValue.ALL_NEW)
                  .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD)
                  .build());
      return Optional.of(pending(leased.attributes()));
    } catch (ConditionalCheckFailedException e) {
      return Optional.of(e.item())
          .filter(it -> it.containsKey(PENDING_SHARD) && isWrittenBy(write, it))
          .map(DynamoDbOutbox::pending);
    }
  }

  /** Whether this very call did it, before its answer was lost and the SDK repeated it. */
  private static boolean isWrittenBy(String write, Map<String, AttributeValue> stored) {
    return optional(stored, LEASED_BY).equals(Optional.of(write));
  }

  @Override
  public void settle(PendingEvent event, Settlement settlement) {
    switch (settlement) {
      case Settlement.Published it -> published(event, it);
      case Settlement.RetryAt it -> retryAt(event, it);
      case Settlement.Parked it -> parked(event, it);
    }
  }

  /** One write clears the mark and sets the expiry: what is pending never expires. */
  private void published(PendingEvent event, Settlement.Published settlement) {
    update(
        event,
        it ->
            it.updateExpression(
                    "SET #publishedAt = if_not_exists(#publishedAt, :at), #expiresAt = :expiresAt"
                        + " REMOVE #shard, #since, #leasedUntil, #parked, #parkedAt, #parkedCode,"
                        + " #parkedMessage")
                .conditionExpression("attribute_exists(#key)")
                .expressionAttributeNames(
                    Map.of(
                        "#key", KEY,
                        "#publishedAt", PUBLISHED_AT,
                        "#expiresAt", EXPIRES_AT,
                        "#shard", PENDING_SHARD,
                        "#since", PENDING_SINCE,
                        "#leasedUntil", LEASED_UNTIL,
                        "#parked", PARKED,
                        "#parkedAt", PARKED_AT,
                        "#parkedCode", PARKED_CODE,
                        "#parkedMessage", PARKED_MESSAGE))
                .expressionAttributeValues(
                    Map.of(
                        ":at", string(settlement.at().truncatedTo(ChronoUnit.MILLIS).toString()),
                        ":expiresAt", number(settlement.expiresAt().getEpochSecond()))));
  }

  private void retryAt(PendingEvent event, Settlement.RetryAt settlement) {
    update(
        event,
        it ->
            it.updateExpression("SET #leasedUntil = :at ADD #attempts :one")
                .conditionExpression("attribute_exists(#shard) AND #leasedUntil = :mine")
                .expressionAttributeNames(
                    Map.of(
                        "#shard", PENDING_SHARD,
                        "#leasedUntil", LEASED_UNTIL,
                        "#attempts", ATTEMPTS))
                .expressionAttributeValues(
                    Map.of(
                        ":at", number(settlement.at().toEpochMilli()),
                        ":mine", number(event.leasedUntil().toEpochMilli()),
                        ":one", number(1))));
  }

  private void parked(PendingEvent event, Settlement.Parked settlement) {
    update(
        event,
        it ->
            it.updateExpression(
                    "SET #parked = :parked, #parkedAt = :at, #parkedCode = :code,"
                        + " #parkedMessage = :message REMOVE #shard, #since, #leasedUntil")
                .conditionExpression("attribute_exists(#shard)")
                .expressionAttributeNames(
                    Map.of(
                        "#shard", PENDING_SHARD,
                        "#since", PENDING_SINCE,
                        "#leasedUntil", LEASED_UNTIL,
                        "#parked", PARKED,
                        "#parkedAt", PARKED_AT,
                        "#parkedCode", PARKED_CODE,
                        "#parkedMessage", PARKED_MESSAGE))
                .expressionAttributeValues(
                    Map.of(
                        ":parked", string(PARKED),
                        ":at", string(HistoryPosition.sortable(settlement.at())),
                        ":code", string(settlement.code()),
                        ":message", string(settlement.message()))));
  }

  /** Where the condition of {@code change} does not hold, another instance was first. */
  private void update(PendingEvent event, UnaryOperator<UpdateItemRequest.Builder> change) {
    try {
      dynamoDb.updateItem(change.apply(updating(event)).build());
    } catch (ConditionalCheckFailedException _) {
      log.debug("{} was settled by another instance", event.key());
    }
  }

  private UpdateItemRequest.Builder updating(PendingEvent event) {
    return UpdateItemRequest.builder()
        .tableName(table)
        .key(Map.of(KEY, string(event.key().toString())));
  }

  @Override
  public Optional<Instant> oldest() {
    return IntStream.range(0, SHARDS)
        .mapToObj(it -> dynamoDb.query(inShard(it).limit(1).build()).items())
        .flatMap(List::stream)
        .flatMap(it -> readable(it, DynamoDbOutbox::since))
        .min(Instant::compareTo);
  }

  /** Keys are spread evenly, so where there are many, there are about as many in each shard. */
  @Override
  public Survey survey() {
    var pending =
        IntStream.range(0, SHARDS).mapToLong(it -> count(inShard(it), COUNTED / SHARDS)).sum();
    return new Survey(pending, count(inParked(), COUNTED));
  }

  /**
   * Reads next to nothing, to see whether the table is there.
   *
   * @param limit how long that may take
   */
  void find(Duration limit) {
    dynamoDb.query(
        inShard(0)
            .limit(1)
            .select(Select.COUNT)
            .overrideConfiguration(how -> how.apiCallTimeout(limit))
            .build());
  }

  private QueryRequest.Builder inParked() {
    return QueryRequest.builder()
        .tableName(table)
        .indexName("parked")
        .keyConditionExpression("#parked = :parked")
        .expressionAttributeNames(Map.of("#parked", PARKED))
        .expressionAttributeValues(Map.of(":parked", string(PARKED)));
  }

  private long count(QueryRequest.Builder query, long enough) {
    return count(dynamoDb.queryPaginator(query.select(Select.COUNT).build()), enough);
  }

  /** Reads no page more once there are enough. */
  static long count(Iterable<QueryResponse> pages, long enough) {
    var counted = 0L;
    for (var page : pages) {
      counted += page.count();
      if (counted >= enough) {
        break;
      }
    }
    return counted;
  }

  /** Stays the same for a key: java.util.UUID says how it is computed. */
  static String shardOf(IdempotencyKey key) {
    return String.valueOf(Math.floorMod(key.value().hashCode(), SHARDS));
  }

  private static Instant since(Map<String, AttributeValue> item) {
    return Instant.parse(text(item, PENDING_SINCE));
  }

  static AttributeValue string(String value) {
    return AttributeValue.fromS(value);
  }

  static AttributeValue number(long value) {
    return AttributeValue.fromN(String.valueOf(value));
  }

  static String text(Map<String, AttributeValue> item, String name) {
    return attribute(item, name).s();
  }

  static Optional<String> optional(Map<String, AttributeValue> item, String name) {
    return Optional.ofNullable(item.get(name)).map(AttributeValue::s);
  }

  private static AttributeValue attribute(Map<String, AttributeValue> item, String name) {
    var value = item.get(name);
    if (value == null) {
      throw new IllegalStateException(
          "expected an attribute %s of an item of the outbox, found %s"
              .formatted(name, item.keySet()));
    }
    return value;
  }
}
