package io.smartdoor.notification.people;

import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromS;

import io.smartdoor.events.UserReference;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ReturnValue;

/** The directory in DynamoDB, one record per person. */
final class DynamoDbPeople implements People {

  private static final String PERSON = "person";
  private static final String DISPLAY_NAME = "display-name";

  private final DynamoDbClient dynamoDb;
  private final String table;

  DynamoDbPeople(DynamoDbClient dynamoDb, String table) {
    this.dynamoDb = dynamoDb;
    this.table = table;
  }

  @Override
  public Optional<DisplayName> nameOf(UserReference person) {
    var found =
        dynamoDb.getItem(get -> get.tableName(table).key(key(person)).consistentRead(true)).item();
    return Optional.ofNullable(found.get(DISPLAY_NAME)).map(name -> new DisplayName(name.s()));
  }

  @Override
  public boolean put(UserReference person, DisplayName name) {
    var before =
        dynamoDb.putItem(put ->
            put.tableName(table)
                .item(Map.of(PERSON, fromS(record(person)), DISPLAY_NAME, fromS(name.value())))
                .returnValues(ReturnValue.ALL_OLD));
    return before.attributes().isEmpty();
  }

  @Override
  public void remove(UserReference person) {
    dynamoDb.deleteItem(delete -> delete.tableName(table).key(key(person)));
  }

  private static Map<String, AttributeValue> key(UserReference person) {
    return Map.of(PERSON, fromS(record(person)));
  }

  /** A store's name has no slash, so no two people share a record. */
  private static String record(UserReference person) {
    return person.store() + "/" + person.id();
  }
}
