package io.smartdoor.lock.door;

import io.smartdoor.events.DoorId;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.ReturnValue;

/** One item per door. Every read is consistent: a door that was removed is gone at once. */
final class DynamoDbDoors implements Doors {

  private static final String ID = "id";
  private static final String NAME = "name";
  private static final String ENCRYPTED_KEY = "encrypted-key";

  /** Stands in for the door that does not exist. */
  private static final DoorId NOBODY = new DoorId("nobody");

  private final DynamoDbClient dynamoDb;
  private final String table;
  private final DoorKeyCipher cipher;
  private final byte[] decoy;

  DynamoDbDoors(DynamoDbClient dynamoDb, String table, DoorKeyCipher cipher, DoorKey decoy) {
    this.dynamoDb = dynamoDb;
    this.table = table;
    this.cipher = cipher;
    this.decoy = cipher.encrypt(NOBODY, decoy);
  }

  @Override
  public boolean add(Door door, DoorKey key) {
    try {
      dynamoDb.putItem(it ->
          it.tableName(table)
              .item(
                  Map.of(
                      ID, AttributeValue.fromS(door.id().value()),
                      NAME, AttributeValue.fromS(door.name().value()),
                      ENCRYPTED_KEY,
                          AttributeValue.fromB(
                              SdkBytes.fromByteArray(cipher.encrypt(door.id(), key)))))
              .conditionExpression("attribute_not_exists(#id)")
              .expressionAttributeNames(Map.of("#id", ID)));
      return true;
    } catch (ConditionalCheckFailedException _) {
      return false;
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
      cipher.decrypt(NOBODY, decoy);
      return Optional.empty();
    }
    var stored = attribute(item.get(), ENCRYPTED_KEY).b().asByteArray();
    return Optional.of(new KeyedDoor(door(item.get()), cipher.decrypt(id, stored)));
  }

  private Optional<Map<String, AttributeValue>> read(DoorId id) {
    var found = dynamoDb.getItem(it -> it.tableName(table).key(key(id)).consistentRead(true));
    return found.hasItem() ? Optional.of(found.item()) : Optional.empty();
  }

  @Override
  public List<Door> all() {
    return dynamoDb.scanPaginator(it -> it.tableName(table).consistentRead(true)).items().stream()
        .map(DynamoDbDoors::door)
        .sorted(Comparator.comparing(it -> it.id().value()))
        .toList();
  }

  @Override
  public boolean remove(DoorId id) {
    return dynamoDb
        .deleteItem(it -> it.tableName(table).key(key(id)).returnValues(ReturnValue.ALL_OLD))
        .hasAttributes();
  }

  private static Map<String, AttributeValue> key(DoorId id) {
    return Map.of(ID, AttributeValue.fromS(id.value()));
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
