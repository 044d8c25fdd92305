package io.smartdoor.notification.recipient;

import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromS;

import java.util.Map;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;

/**
 * Conditions on a recipient's record, for transactions of those who keep data for recipients.
 *
 * <p>Public, unlike other adapters: a transaction over two tables needs the conditions of both, and
 * only this package knows what its record looks like.
 *
 * @param table name of the recipients' table
 */
public record DynamoDbPresence(String table) {

  static final String ID = "id";
  static final String LEAVING = "leaving";

  /** Holds while the recipient exists and is not leaving. */
  public TransactWriteItem present(RecipientId id) {
    return check(id, "attribute_exists(#id) AND attribute_not_exists(#leaving)");
  }

  /** Holds while the recipient exists and is leaving. */
  public TransactWriteItem leaving(RecipientId id) {
    return check(id, "attribute_exists(#id) AND attribute_exists(#leaving)");
  }

  private TransactWriteItem check(RecipientId id, String condition) {
    return TransactWriteItem.builder()
        .conditionCheck(check ->
            check
                .tableName(table)
                .key(Map.of(ID, fromS(id.value())))
                .conditionExpression(condition)
                .expressionAttributeNames(Map.of("#id", ID, "#leaving", LEAVING)))
        .build();
  }
}
