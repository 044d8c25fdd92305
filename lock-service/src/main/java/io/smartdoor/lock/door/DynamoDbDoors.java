package io.smartdoor.lock.door;

import io.smartdoor.events.DoorId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;

/**
 * One item per door, and one that counts removals. Every read is consistent: a door that was
 * removed is gone at once.
 *
 * <p>The SDK repeats a write whose answer was lost, so each write recognises what it did itself.
 */
final class DynamoDbDoors implements DoorTable {

  private static final Logger log = LoggerFactory.getLogger(DynamoDbDoors.class);

  private static final String ID = "id";
  private static final String NAME = "name";
  private static final String ENCRYPTED_KEY = "encrypted-key";

  /** No door has such an id. */
  private static final String REMOVALS = "#removals";

  private static final String COUNT = "count";

  /** Removals at once get into each other's way at the counter, for a moment. */
  private static final int TRIES = 10;

  /** Stands in for the door that does not exist. */
  private static final DoorId NOBODY = new DoorId("nobody");

  private final DynamoDbClient dynamoDb;
  private final String table;
  private final DoorKeyCipher cipher;
  private final DoorKey decoy;

  /** Made when it is first needed: there is no data key yet when this is put together. */
  private volatile byte @Nullable [] encryptedDecoy;

  DynamoDbDoors(DynamoDbClient dynamoDb, String table, DoorKeyCipher cipher, DoorKey decoy) {
    this.dynamoDb = dynamoDb;
    this.table = table;
    this.cipher = cipher;
    this.decoy = decoy;
  }

  @Override
  public boolean add(Door door, DoorKey key) {
    var encrypted = AttributeValue.fromB(SdkBytes.fromByteArray(cipher.encrypt(door.id(), key)));
    try {
      dynamoDb.putItem(it ->
          it.tableName(table)
              .item(
                  Map.of(
                      ID, AttributeValue.fromS(door.id().value()),
                      NAME, AttributeValue.fromS(door.name().value()),
                      ENCRYPTED_KEY, encrypted))
              .conditionExpression("attribute_not_exists(#id)")
              .expressionAttributeNames(Map.of("#id", ID))
              .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD));
      return true;
    } catch (ConditionalCheckFailedException e) {
      // No key is encrypted twice to the same: these bytes are there because they were written
      // here.
      return encrypted.equals(e.item().get(ENCRYPTED_KEY));
    }
  }

  @Override
  public Optional<Door> find(DoorId id) {
    return read(id).map(DynamoDbDoors::door);
  }

  @Override
  public Optional<KeyedDoor> findWithKey(DoorId id) {
    var item = read(id);
    if (item.isEmpty()) {
      cipher.decrypt(NOBODY, encryptedDecoy());
      return Optional.empty();
    }
    return keyed(id, item.get());
  }

  private byte[] encryptedDecoy() {
    var made = encryptedDecoy;
    if (made == null) {
      made = cipher.encrypt(NOBODY, decoy);
      encryptedDecoy = made;
    }
    return made;
  }

  /**
   * Empty where the key is not readable: whoever calls at this door is answered as at one that does
   * not exist, and the log tells the operator.
   */
  private Optional<KeyedDoor> keyed(DoorId id, Map<String, AttributeValue> item) {
    try {
      var stored = attribute(item, ENCRYPTED_KEY).b().asByteArray();
      return Optional.of(new KeyedDoor(door(item), cipher.decrypt(id, stored)));
    } catch (RuntimeException e) {
      log.error("door {} can report nothing: {}", id, e.toString());
      return Optional.empty();
    }
  }

  private Optional<Map<String, AttributeValue>> read(DoorId id) {
    return read(id.value());
  }

  private Optional<Map<String, AttributeValue>> read(String id) {
    var found = dynamoDb.getItem(it -> it.tableName(table).key(key(id)).consistentRead(true));
    return found.hasItem() ? Optional.of(found.item()) : Optional.empty();
  }

  @Override
  public long removals() {
    return read(REMOVALS).map(it -> Long.parseLong(attribute(it, COUNT).n())).orElse(0L);
  }

  /**
   * Reads every door, at some 200 bytes each, because a table's own order is by the hash of the id.
   */
  @Override
  public DoorPage page(int limit, Optional<DoorId> after) {
    return DoorPage.of(
        dynamoDb.scanPaginator(it -> it.tableName(table).consistentRead(true)).items().stream()
            .filter(it -> !attribute(it, ID).s().equals(REMOVALS))
            .map(DynamoDbDoors::door),
        limit,
        after);
  }

  /** Looks first: a removal that is repeated after a lost answer finds nothing. */
  @Override
  public boolean remove(DoorId id) {
    if (read(id).isEmpty()) {
      return false;
    }
    for (var left = TRIES - 1; !removed(id, left == 0); left--) {
      log.debug("door {} is removed while another one is", id);
    }
    return true;
  }

  /**
   * The door and the count in one write: no crash in between leaves a door that others go on
   * trusting. False where another removal was in its way.
   */
  private boolean removed(DoorId id, boolean isLastTry) {
    try {
      dynamoDb.transactWriteItems(it -> it.transactItems(List.of(deletion(id), oneMoreRemoval())));
      return true;
    } catch (TransactionCanceledException e) {
      if (isLastTry || !isConflict(e)) {
        throw e;
      }
      return false;
    }
  }

  private TransactWriteItem deletion(DoorId id) {
    return TransactWriteItem.builder()
        .delete(it -> it.tableName(table).key(key(id.value())))
        .build();
  }

  private TransactWriteItem oneMoreRemoval() {
    return TransactWriteItem.builder()
        .update(it ->
            it.tableName(table)
                .key(key(REMOVALS))
                .updateExpression("ADD #count :one")
                .expressionAttributeNames(Map.of("#count", COUNT))
                .expressionAttributeValues(Map.of(":one", AttributeValue.fromN("1"))))
        .build();
  }

  /** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis.html */
  private static boolean isConflict(TransactionCanceledException e) {
    return e.cancellationReasons().stream().anyMatch(it -> "TransactionConflict".equals(it.code()));
  }

  private static Map<String, AttributeValue> key(String id) {
    return Map.of(ID, AttributeValue.fromS(id));
  }

  private static Door door(Map<String, AttributeValue> item) {
    return new Door(new DoorId(attribute(item, ID).s()), new DoorName(attribute(item, NAME).s()));
  }

  private static AttributeValue attribute(Map<String, AttributeValue> item, String name) {
    var value = item.get(name);
    if (value == null) {
      throw new IllegalStateException(
          "expected an attribute %s of a door's item, found %s".formatted(name, item.keySet()));
    }
    return value;
  }
}
