package io.smartdoor.identification.resident;

import static java.util.stream.Collectors.toCollection;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.CancellationReason;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;

/**
 * Residents in one DynamoDB table, three kinds of item under its key {@code id}:
 *
 * <ul>
 *   <li>{@code resident#<id>}: {@code credentials}, and {@code version}, another random one with
 *       each change (a counted one would repeat after a removal)
 *   <li>{@code credential#<store>#<id>}: {@code resident}, whose it is. The state machine reads it
 *   <li>{@code store#<store>}: {@code credentials}, how many there are. The state machine reads it
 * </ul>
 *
 * <p>A change is one transaction of all items that it concerns, under the condition that the
 * resident is as it was read: so what is added was not counted before, and what is removed was.
 */
final class DynamoDbResidents implements Residents {

  /** With the pauses between them that is about two seconds, which a client waits. */
  private static final int ATTEMPTS = 20;

  private static final Duration LONGEST_PAUSE_PER_ATTEMPT = Duration.ofMillis(20);

  // https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html
  private static final String CONDITION_FAILED = "ConditionalCheckFailed";
  private static final Set<String> PASSING =
      Set.of("TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded");

  private static final String KEY = "id";
  private static final String CREDENTIALS = "credentials";
  private static final String VERSION = "version";
  private static final String RESIDENT = "resident";
  private static final String STORE = "store";

  private final DynamoDbClient dynamoDb;
  private final String table;
  private final Supplier<UUID> versions;
  private final RandomGenerator random;

  DynamoDbResidents(
      DynamoDbClient dynamoDb, String table, Supplier<UUID> versions, RandomGenerator random) {
    this.dynamoDb = dynamoDb;
    this.table = table;
    this.versions = versions;
    this.random = random;
  }

  @Override
  public Registration register(Resident resident) {
    return untilUncontended(() -> {
      var before = read(resident.id());
      if (before.isPresent() && before.get().resident().equals(resident)) {
        return new Registration.Replaced();
      }
      var taken = write(resident.id(), before, Optional.of(resident));
      if (!taken.isEmpty()) {
        return new Registration.Taken(taken);
      }
      return before.isPresent() ? new Registration.Replaced() : new Registration.Created();
    });
  }

  @Override
  public Optional<Resident> find(ResidentId id) {
    return read(id).map(Stored::resident);
  }

  @Override
  public ResidentPage list(int limit, Optional<ResidentId> after) {
    var pages =
        dynamoDb.scanPaginator(request -> {
          request
              .tableName(table)
              .consistentRead(true)
              .filterExpression("begins_with(#id, :residents)")
              .expressionAttributeNames(Map.of("#id", KEY))
              .expressionAttributeValues(Map.of(":residents", text(residentKey(""))));
          // The item itself may be gone: a scan goes on where it would be.
          after.ifPresent(id -> request.exclusiveStartKey(key(residentKey(id.value()))));
        });
    var found = pages.items().stream().limit(limit + 1L).map(DynamoDbResidents::stored).toList();
    return ResidentPage.of(found.stream().map(Stored::resident).toList(), limit);
  }

  @Override
  public boolean remove(ResidentId id) {
    return untilUncontended(() -> {
      var before = read(id);
      before.ifPresent(it -> write(id, before, Optional.empty()));
      return before.isPresent();
    });
  }

  private Optional<Stored> read(ResidentId id) {
    var answer =
        dynamoDb.getItem(request ->
            request.tableName(table).key(key(residentKey(id.value()))).consistentRead(true));
    return answer.hasItem() ? Optional.of(stored(answer.item())) : Optional.empty();
  }

  /**
   * Makes {@code after} of {@code before}, all or nothing.
   *
   * @return the credentials that belong to others, for which nothing was changed; empty on success
   */
  private SortedMap<Credential, ResidentId> write(
      ResidentId id, Optional<Stored> before, Optional<Resident> after) {
    var had = before.map(it -> it.resident().credentials()).orElseGet(TreeSet::new);
    var wanted = after.map(Resident::credentials).orElseGet(TreeSet::new);
    var added = wanted.stream().filter(it -> !had.contains(it)).toList();
    var removed = had.stream().filter(it -> !wanted.contains(it)).toList();

    var actions = new ArrayList<TransactWriteItem>();
    actions.add(after.map(it -> put(it, before)).orElseGet(() -> delete(before.orElseThrow())));
    added.forEach(it -> actions.add(claim(it, id)));
    removed.forEach(it -> actions.add(release(it, id)));
    differences(added, removed).forEach((store, by) -> actions.add(count(store, by)));
    try {
      // The SDK sends a token along, so that repeating a call whose answer was lost is harmless.
      dynamoDb.transactWriteItems(request -> request.transactItems(actions));
      return new TreeMap<>();
    } catch (TransactionCanceledException e) {
      return taken(added, e);
    }
  }

  private static SortedMap<String, Integer> differences(
      List<Credential> added, List<Credential> removed) {
    var differences = new TreeMap<String, Integer>();
    added.forEach(it -> differences.merge(it.store(), 1, Integer::sum));
    removed.forEach(it -> differences.merge(it.store(), -1, Integer::sum));
    differences.values().removeIf(by -> by == 0);
    return differences;
  }

  /** The reasons come in the order of the actions: the resident first, then what is added. */
  private static SortedMap<Credential, ResidentId> taken(
      List<Credential> added, TransactionCanceledException cancelled) {
    var reasons = cancelled.cancellationReasons();
    if (reasons.isEmpty() || isConditionFailed(reasons.getFirst())) {
      throw new Interference(cancelled);
    }
    var taken = new TreeMap<Credential, ResidentId>();
    for (int i = 0; i < added.size(); i++) {
      var reason = reasons.get(i + 1);
      if (isConditionFailed(reason)) {
        taken.put(added.get(i), new ResidentId(textOf(reason.item(), RESIDENT)));
      }
    }
    if (taken.isEmpty()) {
      throw reasons.stream().anyMatch(it -> PASSING.contains(String.valueOf(it.code())))
          ? new Interference(cancelled)
          : cancelled;
    }
    return taken;
  }

  private static boolean isConditionFailed(CancellationReason reason) {
    return CONDITION_FAILED.equals(reason.code());
  }

  private TransactWriteItem put(Resident resident, Optional<Stored> before) {
    var item =
        Map.of(
            KEY, text(residentKey(resident.id().value())),
            VERSION, text(versions.get().toString()),
            CREDENTIALS,
                AttributeValue.fromL(
                    resident.credentials().stream().map(DynamoDbResidents::asMap).toList()));
    return TransactWriteItem.builder()
        .put(put -> {
          put.tableName(table).item(item);
          before.ifPresentOrElse(
              it ->
                  put.conditionExpression("#version = :version")
                      .expressionAttributeNames(Map.of("#version", VERSION))
                      .expressionAttributeValues(Map.of(":version", text(it.version()))),
              () ->
                  put.conditionExpression("attribute_not_exists(#id)")
                      .expressionAttributeNames(Map.of("#id", KEY)));
        })
        .build();
  }

  private TransactWriteItem delete(Stored before) {
    return TransactWriteItem.builder()
        .delete(delete ->
            delete
                .tableName(table)
                .key(key(residentKey(before.resident().id().value())))
                .conditionExpression("#version = :version")
                .expressionAttributeNames(Map.of("#version", VERSION))
                .expressionAttributeValues(Map.of(":version", text(before.version()))))
        .build();
  }

  private TransactWriteItem claim(Credential credential, ResidentId by) {
    return TransactWriteItem.builder()
        .put(put ->
            put.tableName(table)
                .item(Map.of(KEY, text(credentialKey(credential)), RESIDENT, text(by.value())))
                // Not "or mine": mine are in the resident's item, under its version.
                .conditionExpression("attribute_not_exists(#id)")
                .expressionAttributeNames(Map.of("#id", KEY))
                .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD))
        .build();
  }

  private TransactWriteItem release(Credential credential, ResidentId of) {
    return TransactWriteItem.builder()
        .delete(delete ->
            delete
                .tableName(table)
                .key(key(credentialKey(credential)))
                .conditionExpression("#resident = :resident")
                .expressionAttributeNames(Map.of("#resident", RESIDENT))
                .expressionAttributeValues(Map.of(":resident", text(of.value()))))
        .build();
  }

  private TransactWriteItem count(String store, int by) {
    return TransactWriteItem.builder()
        .update(update ->
            update
                .tableName(table)
                .key(key("store#" + store))
                .updateExpression("ADD #credentials :by")
                .expressionAttributeNames(Map.of("#credentials", CREDENTIALS))
                .expressionAttributeValues(
                    Map.of(":by", AttributeValue.fromN(Integer.toString(by)))))
        .build();
  }

  private <T> T untilUncontended(Supplier<T> change) {
    for (int attempt = 1; ; attempt++) {
      try {
        return change.get();
      } catch (Interference e) {
        if (attempt == ATTEMPTS) {
          throw new ContendedException(
              "others changed the same items at each of %d attempts".formatted(ATTEMPTS), e);
        }
        pause(LONGEST_PAUSE_PER_ATTEMPT.multipliedBy(attempt));
      }
    }
  }

  private void pause(Duration longest) {
    try {
      Thread.sleep(Duration.ofNanos(random.nextLong(longest.toNanos())));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting to change a resident", e);
    }
  }

  private static Stored stored(Map<String, AttributeValue> item) {
    var id = new ResidentId(textOf(item, KEY).substring(residentKey("").length()));
    var credentials =
        attribute(item, CREDENTIALS).l().stream()
            .map(AttributeValue::m)
            .map(it -> new Credential(textOf(it, STORE), textOf(it, KEY)))
            .collect(toCollection(TreeSet::new));
    return new Stored(new Resident(id, credentials), textOf(item, VERSION));
  }

  private static AttributeValue asMap(Credential credential) {
    return AttributeValue.fromM(
        Map.of(STORE, text(credential.store()), KEY, text(credential.id())));
  }

  private static Map<String, AttributeValue> key(String id) {
    return Map.of(KEY, text(id));
  }

  private static String residentKey(String id) {
    return "resident#" + id;
  }

  private static String credentialKey(Credential credential) {
    return "credential#%s#%s".formatted(credential.store(), credential.id());
  }

  private static AttributeValue text(String value) {
    return AttributeValue.fromS(value);
  }

  private static String textOf(Map<String, AttributeValue> item, String name) {
    return attribute(item, name).s();
  }

  private static AttributeValue attribute(Map<String, AttributeValue> item, String name) {
    var value = item.get(name);
    if (value == null) {
      throw new IllegalStateException(
          "expected an attribute %s, found %s".formatted(name, item.keySet()));
    }
    return value;
  }

  private record Stored(Resident resident, String version) {}

  /** Somebody else changed one of the items in between: read again, try again. */
  private static final class Interference extends RuntimeException {

    private static final long serialVersionUID = 1;

    Interference(TransactionCanceledException cause) {
      super(cause);
    }
  }
}
