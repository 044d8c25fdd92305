package io.smartdoor.notification.recipient;

import static io.smartdoor.notification.recipient.DynamoDbPresence.ID;
import static io.smartdoor.notification.recipient.DynamoDbPresence.LEAVING;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromBool;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromS;

import java.util.ArrayList;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.ReturnValue;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;

/** Recipients in DynamoDB, one record each. Few, and read as a whole by every event: scanned. */
final class DynamoDbRecipients implements Recipients {

  private static final String INCLUDE_CLOSED = "include-closed";

  private final DynamoDbClient dynamoDb;
  private final String table;

  DynamoDbRecipients(DynamoDbClient dynamoDb, String table) {
    this.dynamoDb = dynamoDb;
    this.table = table;
  }

  @Override
  public Stored put(Recipient recipient) {
    try {
      var before =
          update(
              recipient.id(),
              update ->
                  update
                      .updateExpression("SET #include = :include")
                      .conditionExpression("attribute_not_exists(#leaving)")
                      .expressionAttributeNames(
                          Map.of("#include", INCLUDE_CLOSED, "#leaving", LEAVING))
                      .expressionAttributeValues(
                          Map.of(":include", fromBool(recipient.includeClosed())))
                      .returnValues(ReturnValue.ALL_OLD));
      return before.isEmpty() ? Stored.CREATED : Stored.REPLACED;
    } catch (ConditionalCheckFailedException _) {
      return Stored.STILL_LEAVING;
    }
  }

  @Override
  public Optional<Recipient> find(RecipientId id) {
    var found =
        dynamoDb.getItem(get -> get.tableName(table).key(key(id)).consistentRead(true)).item();
    return Optional.of(found).filter(DynamoDbRecipients::isPresent).map(DynamoDbRecipients::read);
  }

  @Override
  public Page page(Optional<RecipientId> after, int limit) {
    var recipients = new ArrayList<Recipient>();
    var from = after.map(DynamoDbRecipients::key).orElse(Map.of());
    do {
      // One more than asked for says whether there is a next page.
      var wanted = limit + 1 - recipients.size();
      var start = from;
      var scanned =
          dynamoDb.scan(scan ->
              scan.tableName(table)
                  .consistentRead(true)
                  .limit(wanted)
                  .exclusiveStartKey(start.isEmpty() ? null : start));
      scanned.items().stream()
          .filter(DynamoDbRecipients::isPresent)
          .map(DynamoDbRecipients::read)
          .forEach(recipients::add);
      from = scanned.lastEvaluatedKey();
    } while (recipients.size() <= limit && !from.isEmpty());
    if (recipients.size() <= limit) {
      return new Page(recipients, Optional.empty());
    }
    var page = recipients.subList(0, limit);
    return new Page(page, Optional.of(page.getLast().id()));
  }

  @Override
  public boolean markLeaving(RecipientId id) {
    try {
      update(
          id,
          update ->
              update
                  .updateExpression("SET #leaving = :true")
                  .conditionExpression("attribute_exists(#id)")
                  .expressionAttributeNames(Map.of("#leaving", LEAVING, "#id", ID))
                  .expressionAttributeValues(Map.of(":true", fromBool(true))));
      return true;
    } catch (ConditionalCheckFailedException _) {
      return false;
    }
  }

  @Override
  public void forget(RecipientId id) {
    try {
      DynamoDbConflicts.outlast(() ->
          dynamoDb.deleteItem(delete ->
              delete
                  .tableName(table)
                  .key(key(id))
                  .conditionExpression("attribute_exists(#leaving)")
                  .expressionAttributeNames(Map.of("#leaving", LEAVING))));
    } catch (ConditionalCheckFailedException _) {
      // Forgotten by somebody else, and perhaps registered anew since.
    }
  }

  private Map<String, AttributeValue> update(
      RecipientId id, Consumer<UpdateItemRequest.Builder> how) {
    return DynamoDbConflicts.outlast(
            () -> dynamoDb.updateItem(update -> how.accept(update.tableName(table).key(key(id)))))
        .attributes();
  }

  private static Map<String, AttributeValue> key(RecipientId id) {
    return Map.of(ID, fromS(id.value()));
  }

  private static boolean isPresent(Map<String, AttributeValue> item) {
    return item.containsKey(ID) && !item.containsKey(LEAVING);
  }

  private static Recipient read(Map<String, AttributeValue> item) {
    var includeClosed = item.get(INCLUDE_CLOSED);
    return new Recipient(
        new RecipientId(Objects.requireNonNull(item.get(ID)).s()),
        includeClosed != null && Boolean.TRUE.equals(includeClosed.bool()));
  }
}
