package io.smartdoor.notification.inbox;

import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromN;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromS;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.smartdoor.events.DoorId;
import io.smartdoor.events.DoorReference;
import io.smartdoor.events.IdempotencyKey;
import io.smartdoor.notification.delivery.Notification;
import io.smartdoor.notification.delivery.Occasion;
import io.smartdoor.notification.recipient.DynamoDbConflicts;
import io.smartdoor.notification.recipient.DynamoDbPresence;
import io.smartdoor.notification.recipient.RecipientData;
import io.smartdoor.notification.recipient.RecipientId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.CancellationReason;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;

/**
 * Inboxes in DynamoDB: under each recipient the entries, by correlation id, and a counter of the
 * numbers given out. The index {@code by-seq} is a local one, so it is read consistently.
 *
 * <p>An entry and the counter's next value are written in one transaction, which also checks that
 * the recipient is (still) there. So number n+1 is readable only after n: no reader passes by a
 * number that is yet to come.
 *
 * <p>Nothing is read before: the transaction's conditions are that nothing ranks as high and that
 * the counter is where this instance saw it last. Where one of them fails, the answer says what was
 * there.
 */
final class DynamoDbInbox implements Inbox, RecipientData {

  /**
   * How often at most a place in the inbox is tried for before the event goes back to its queue.
   * Losing once means that another instance won: threads of this one take turns.
   */
  static final int ATTEMPTS = 10;

  /** TransactWriteItems takes 100 actions; one is the condition that the recipient is leaving. */
  private static final int DELETED_AT_ONCE = 99;

  /**
   * Cancellation reasons that mean "lost a race" or "too fast": a further attempt may succeed.
   * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html
   */
  private static final Set<String> PASSING =
      Set.of(
          "None",
          "ConditionalCheckFailed",
          "TransactionConflict",
          "ProvisionedThroughputExceeded",
          "ThrottlingError");

  /** For how many recipients the last number is remembered; the others cost a second write. */
  private static final int REMEMBERED = 10_000;

  /** Where in a transaction, and in the reasons of its cancellation, each action stands. */
  private static final int PRESENT = 0;

  private static final int ENTRY = 1;
  private static final int COUNTED = 2;

  private static final String BY_SEQ = "by-seq";

  private static final String RECIPIENT = "recipient";
  private static final String ITEM = "item";
  private static final String SEQ = "seq";
  private static final String RANK = "rank";
  private static final String TITLE = "title";
  private static final String BODY = "body";
  private static final String LEVEL = "level";
  private static final String DOOR_ID = "door-id";
  private static final String DOOR_NAME = "door-name";
  private static final String DETAIL_TYPE = "detail-type";
  private static final String KEY = "idempotency-key";
  private static final String AT = "at";
  private static final String EXPIRES_AT = "expires-at";

  /** The number up to which an entry's versions were read: below its own, the entry is unread. */
  private static final String READ_SEQ = "read-seq";

  /** The counter's sort key; entries have UUIDs. */
  private static final String COUNTER = "seq";

  /** The counter's value. Not called {@code seq}, or the counter would stand in the index. */
  private static final String LAST = "last";

  /** What one attempt to place an entry led to. */
  sealed interface Attempt {}

  record Decided(Placement placement) implements Attempt {}

  /** Another writer was faster: the counter is at {@code last} now, as far as is known. */
  record Overtaken(long last) implements Attempt {}

  private final DynamoDbClient dynamoDb;
  private final String table;
  private final DynamoDbPresence recipients;
  private final Clock clock;
  private final Duration patience;

  /**
   * The last number that each recipient's counter was seen at. Never more than a guess: every write
   * is conditional on it.
   */
  private final Cache<RecipientId, Long> lasts =
      Caffeine.newBuilder().maximumSize(REMEMBERED).build();

  /** Fair: under load, whoever has waited for long would else be overtaken until it gives up. */
  private final Lock[] turns =
      Stream.generate(() -> new ReentrantLock(true)).limit(64).toArray(ReentrantLock[]::new);

  /**
   * Inboxes in {@code table}.
   *
   * @param patience how long a notification waits for its turn, and how long it then tries, before
   *     the event goes back to its queue
   */
  DynamoDbInbox(
      DynamoDbClient dynamoDb,
      String table,
      DynamoDbPresence recipients,
      Clock clock,
      Duration patience) {
    this.dynamoDb = dynamoDb;
    this.table = table;
    this.recipients = recipients;
    this.clock = clock;
    this.patience = patience;
  }

  @Override
  public Placement place(RecipientId recipient, Occasion occasion, Notification notification) {
    // Events of one recipient would only make each other's transactions fail.
    var turn = turns[Math.floorMod(recipient.hashCode(), turns.length)];
    if (!isGot(turn)) {
      return new Placement.Contended();
    }
    try {
      var end = clock.instant().plus(patience);
      // Unknown is taken for none: if there is a counter, the first attempt brings its value.
      var last = Objects.requireNonNullElse(lasts.getIfPresent(recipient), 0L);
      for (var attempt = 1; attempt <= ATTEMPTS && clock.instant().isBefore(end); attempt++) {
        switch (tryToPlace(recipient, occasion, notification, last)) {
          case Decided(var placement) -> {
            remember(recipient, placement);
            return placement;
          }
          case Overtaken(var found) -> last = found;
        }
      }
      lasts.put(recipient, last);
      return new Placement.Contended();
    } finally {
      turn.unlock();
    }
  }

  private void remember(RecipientId recipient, Placement placement) {
    switch (placement) {
      case Placement.Placed(var seq) -> lasts.put(recipient, seq);
      case Placement.NoRecipient _ -> lasts.invalidate(recipient);
      case Placement.Outranked _, Placement.Contended _ -> {}
    }
  }

  private boolean isGot(Lock turn) {
    try {
      return turn.tryLock(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /**
   * Writes without having read: a transaction that is cancelled says what was there, so the outcome
   * or the next attempt follows from the answer.
   */
  private Attempt tryToPlace(
      RecipientId recipient, Occasion occasion, Notification notification, long last) {
    var seq = last + 1;
    try {
      dynamoDb.transactWriteItems(transaction ->
          transaction.transactItems(
              recipients.present(recipient),
              entry(recipient, seq, occasion, notification),
              counter(recipient, last, seq)));
      return new Decided(new Placement.Placed(seq));
    } catch (TransactionCanceledException e) {
      if (!isPassing(e)) {
        throw e;
      }
      var reasons = e.cancellationReasons();
      if (isFailed(reasons.get(PRESENT))) {
        return new Decided(new Placement.NoRecipient());
      }
      if (isFailed(reasons.get(ENTRY))) {
        return new Decided(new Placement.Outranked());
      }
      return new Overtaken(
          isFailed(reasons.get(COUNTED)) ? found(recipient, last, reasons.get(COUNTED)) : last);
    }
  }

  /** What the counter stood at when it was not at {@code expected}. */
  private long found(RecipientId recipient, long expected, CancellationReason reason) {
    if (!reason.item().isEmpty()) {
      return number(reason.item(), LAST);
    }
    // No counter, unless none was expected: then there is one, and the answer kept it to itself.
    return expected == 0 ? last(recipient) : 0;
  }

  private TransactWriteItem entry(
      RecipientId recipient, long seq, Occasion occasion, Notification notification) {
    var rank = number(Rank.of(occasion.detailType()).value());
    var item = new HashMap<>(key(recipient, occasion.correlation().toString()));
    item.put(SEQ, number(seq));
    item.put(RANK, rank);
    item.put(TITLE, fromS(notification.title()));
    item.put(BODY, fromS(notification.body()));
    item.put(LEVEL, fromS(notification.level().text()));
    item.put(DETAIL_TYPE, fromS(occasion.detailType().text()));
    item.put(KEY, fromS(occasion.key().toString()));
    item.put(AT, fromS(occasion.at().toString()));
    item.put(EXPIRES_AT, number(clock.instant().plus(KEPT).getEpochSecond()));
    occasion
        .door()
        .ifPresent(door -> {
          door.id().ifPresent(id -> item.put(DOOR_ID, fromS(id.value())));
          door.name().ifPresent(name -> item.put(DOOR_NAME, fromS(name)));
        });
    return TransactWriteItem.builder()
        .put(put ->
            put.tableName(table)
                .item(item)
                .conditionExpression("attribute_not_exists(#item) OR #rank < :rank")
                .expressionAttributeNames(Map.of("#item", ITEM, "#rank", RANK))
                .expressionAttributeValues(Map.of(":rank", rank)))
        .build();
  }

  private TransactWriteItem counter(RecipientId recipient, long last, long next) {
    return TransactWriteItem.builder()
        .update(update -> {
          update
              .tableName(table)
              .key(key(recipient, COUNTER))
              .updateExpression("SET #last = :next")
              .expressionAttributeNames(Map.of("#last", LAST))
              .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD);
          if (last == 0) {
            update
                .conditionExpression("attribute_not_exists(#last)")
                .expressionAttributeValues(Map.of(":next", number(next)));
          } else {
            update
                .conditionExpression("#last = :last")
                .expressionAttributeValues(Map.of(":next", number(next), ":last", number(last)));
          }
        })
        .build();
  }

  @Override
  public Page after(RecipientId recipient, long after, int limit) {
    // A query is not one moment: while it runs, a number may become readable behind it and the next
    // one before it. What the counter has given out before the query began is all there.
    var last = last(recipient);
    var items = new ArrayList<InboxItem>();
    var from = Map.<String, AttributeValue>of();
    do {
      if (after >= last) {
        break;
      }
      // One more than asked for says whether there is a next page.
      var wanted = limit + 1 - items.size();
      var start = from;
      var found =
          dynamoDb.query(query ->
              query
                  .tableName(table)
                  .indexName(BY_SEQ)
                  .consistentRead(true)
                  .keyConditionExpression(
                      "#recipient = :recipient AND #seq BETWEEN :first AND :last")
                  .expressionAttributeNames(Map.of("#recipient", RECIPIENT, "#seq", SEQ))
                  .expressionAttributeValues(
                      Map.of(
                          ":recipient",
                          fromS(recipient.value()),
                          ":first",
                          number(after + 1),
                          ":last",
                          number(last)))
                  .limit(wanted)
                  .exclusiveStartKey(start.isEmpty() ? null : start));
      found.items().stream().filter(this::isKept).map(DynamoDbInbox::read).forEach(items::add);
      from = found.lastEvaluatedKey();
    } while (items.size() <= limit && !from.isEmpty());
    return items.size() <= limit ? new Page(items, false) : new Page(items.subList(0, limit), true);
  }

  @Override
  public Marked markRead(RecipientId recipient, IdempotencyKey id, OptionalLong seq) {
    // A replacement puts the whole entry under a new number, so neither write undoes the other.
    var kept = "attribute_exists(#seq) AND #expires > :now";
    var shown = " AND #seq >= :version AND (attribute_not_exists(#read) OR #read < :version)";
    var values = new HashMap<>(Map.of(":now", number(clock.instant().getEpochSecond())));
    seq.ifPresent(version -> values.put(":version", number(version)));
    try {
      DynamoDbConflicts.outlast(() ->
          dynamoDb.updateItem(update ->
              update
                  .tableName(table)
                  .key(key(recipient, id.toString()))
                  .updateExpression("SET #read = " + (seq.isPresent() ? ":version" : "#seq"))
                  .conditionExpression(seq.isPresent() ? kept + shown : kept)
                  .expressionAttributeNames(
                      Map.of("#read", READ_SEQ, "#seq", SEQ, "#expires", EXPIRES_AT))
                  .expressionAttributeValues(values)
                  .returnValuesOnConditionCheckFailure(
                      ReturnValuesOnConditionCheckFailure.ALL_OLD)));
      return Marked.READ;
    } catch (ConditionalCheckFailedException e) {
      var standing = e.hasItem() ? e.item() : Map.<String, AttributeValue>of();
      if (standing.isEmpty() || !isKept(standing)) {
        return Marked.UNKNOWN;
      }
      return seq.orElse(0) > number(standing, SEQ) ? Marked.NEVER_SHOWN : Marked.READ;
    }
  }

  @Override
  public void deleteAllOf(RecipientId leaving) {
    var attempts = 0;
    while (true) {
      var left = keysOf(leaving);
      if (left.isEmpty()) {
        return;
      }
      try {
        dynamoDb.transactWriteItems(transaction ->
            transaction.transactItems(
                Stream.concat(
                        Stream.of(recipients.leaving(leaving)), left.stream().map(this::deletion))
                    .toList()));
        attempts = 0;
      } catch (TransactionCanceledException e) {
        attempts++;
        if (!isPassing(e) || attempts == ATTEMPTS) {
          throw e;
        }
        if (isFailed(e.cancellationReasons().get(PRESENT))) {
          return;
        }
      }
    }
  }

  private List<Map<String, AttributeValue>> keysOf(RecipientId recipient) {
    return dynamoDb
        .query(query ->
            query
                .tableName(table)
                .consistentRead(true)
                .keyConditionExpression("#recipient = :recipient")
                .projectionExpression("#recipient, #item")
                .expressionAttributeNames(Map.of("#recipient", RECIPIENT, "#item", ITEM))
                .expressionAttributeValues(Map.of(":recipient", fromS(recipient.value())))
                .limit(DELETED_AT_ONCE))
        .items();
  }

  private TransactWriteItem deletion(Map<String, AttributeValue> key) {
    return TransactWriteItem.builder().delete(delete -> delete.tableName(table).key(key)).build();
  }

  private long last(RecipientId recipient) {
    var counter = get(recipient, COUNTER);
    return counter.isEmpty() ? 0 : number(counter, LAST);
  }

  private Map<String, AttributeValue> get(RecipientId recipient, String item) {
    return dynamoDb
        .getItem(get -> get.tableName(table).key(key(recipient, item)).consistentRead(true))
        .item();
  }

  private static boolean isPassing(TransactionCanceledException e) {
    return e.cancellationReasons().stream()
        .map(CancellationReason::code)
        .allMatch(PASSING::contains);
  }

  private static boolean isFailed(CancellationReason reason) {
    return "ConditionalCheckFailed".equals(reason.code());
  }

  private static Map<String, AttributeValue> key(RecipientId recipient, String item) {
    return Map.of(RECIPIENT, fromS(recipient.value()), ITEM, fromS(item));
  }

  /** DynamoDB deletes what has expired when it finds the time; until then it is hidden here. */
  private boolean isKept(Map<String, AttributeValue> item) {
    return number(item, EXPIRES_AT) > clock.instant().getEpochSecond();
  }

  private static InboxItem read(Map<String, AttributeValue> item) {
    var seq = number(item, SEQ);
    var doorId = optional(item, DOOR_ID).map(DoorId::new);
    var doorName = optional(item, DOOR_NAME);
    return new InboxItem(
        IdempotencyKey.of(text(item, ITEM)),
        seq,
        text(item, TITLE),
        text(item, BODY),
        text(item, LEVEL),
        doorId.isEmpty() && doorName.isEmpty()
            ? Optional.empty()
            : Optional.of(new DoorReference(doorId, doorName)),
        text(item, DETAIL_TYPE),
        IdempotencyKey.of(text(item, KEY)),
        Instant.parse(text(item, AT)),
        item.containsKey(READ_SEQ) && number(item, READ_SEQ) >= seq);
  }

  private static AttributeValue number(long value) {
    return fromN(Long.toString(value));
  }

  private static long number(Map<String, AttributeValue> item, String attribute) {
    return Long.parseLong(required(item, attribute).n());
  }

  private static String text(Map<String, AttributeValue> item, String attribute) {
    return required(item, attribute).s();
  }

  private static Optional<String> optional(Map<String, AttributeValue> item, String attribute) {
    return Optional.ofNullable(item.get(attribute)).map(AttributeValue::s);
  }

  private static AttributeValue required(Map<String, AttributeValue> item, String attribute) {
    var value = item.get(attribute);
    if (value == null) {
      throw new IllegalStateException(
          "expected an attribute %s, found %s".formatted(attribute, item.keySet()));
    }
    return value;
  }
}
