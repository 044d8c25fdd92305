package io.smartdoor.fidelity;

import static io.smartdoor.fidelity.Behaviour.byDocumentationOnly;
import static io.smartdoor.fidelity.Behaviour.expect;

import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;

/** DynamoDB. */
final class TableBehaviours {

  private static final String API =
      "https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/";
  private static final String GUIDE =
      "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/";

  private static final Map<String, AttributeValue> ITEM =
      Map.of("k", AttributeValue.fromS("one"), "v", AttributeValue.fromS("there before"));

  private TableBehaviours() {}

  static List<Behaviour> all() {
    return List.of(
        Behaviour.of(
            "Conditional write that fails: ALL_OLD",
            "gives the item that is there",
            API + "API_PutItem.html",
            "one write says who holds a claim, and what a key was accepted for",
            TableBehaviours::oldItem),
        Behaviour.of(
            "Transaction that is cancelled: ALL_OLD",
            "gives the reasons in order, with the items that are there",
            API + "API_CancellationReason.html",
            "an inbox is written without reading first",
            TableBehaviours::oldItemOfTransaction),
        Behaviour.of(
            "Transaction: ClientRequestToken again, same content",
            "succeeds and writes nothing",
            API + "API_TransactWriteItems.html",
            "the SDK repeats a call whose answer was lost",
            TableBehaviours::sameToken),
        Behaviour.of(
            "Transaction: ClientRequestToken again, other content",
            "fails with IdempotentParameterMismatchException",
            API + "API_TransactWriteItems.html",
            "nothing: every attempt has a token of its own",
            TableBehaviours::sameTokenOtherContent),
        byDocumentationOnly(
            "Time to live",
            "deletes an expired item within some days",
            GUIDE + "TTL.html",
            "what is expired is never taken for present"),
        byDocumentationOnly(
            "Global index",
            "is eventually consistent",
            GUIDE + "GSI.html",
            "a sweeper leases each event before it publishes it"));
  }

  private static String oldItem(Lab lab) {
    var table = filled(lab);
    try {
      lab.tables.putItem(it ->
          it.tableName(table)
              .item(ITEM)
              .conditionExpression("attribute_not_exists(k)")
              .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD));
      return "the condition is ignored";
    } catch (ConditionalCheckFailedException e) {
      return expect(ITEM.equals(e.item()), "without the item");
    }
  }

  private static String oldItemOfTransaction(Lab lab) {
    var table = filled(lab);
    try {
      lab.tables.transactWriteItems(
          it -> it.transactItems(put(table, "two", "new"), put(table, "one", "other")));
      return "the condition is ignored";
    } catch (TransactionCanceledException e) {
      var reasons = e.cancellationReasons();
      return expect(
          reasons.size() == 2
              && "None".equals(reasons.get(0).code())
              && "ConditionalCheckFailed".equals(reasons.get(1).code())
              && ITEM.equals(reasons.get(1).item()),
          "without the item, or in another form");
    }
  }

  private static String sameToken(Lab lab) {
    var table = lab.table();
    var token = lab.newName("token");
    for (var i = 0; i < 2; i++) {
      var error =
          Lab.errorOf(() ->
              lab.tables.transactWriteItems(
                  it -> it.clientRequestToken(token).transactItems(put(table, "one", "new"))));
      if (error.isPresent()) {
        return "the second fails: " + error.get();
      }
    }
    return Behaviour.AS_DOCUMENTED;
  }

  private static String sameTokenOtherContent(Lab lab) {
    var table = lab.table();
    var token = lab.newName("token");
    lab.tables.transactWriteItems(
        it -> it.clientRequestToken(token).transactItems(put(table, "one", "new")));
    var error =
        Lab.errorOf(() ->
            lab.tables.transactWriteItems(
                it -> it.clientRequestToken(token).transactItems(put(table, "two", "other"))));
    return error
        .map(it -> expect(it.equals("IdempotentParameterMismatchException"), "fails with " + it))
        .orElse("accepted");
  }

  private static String filled(Lab lab) {
    var table = lab.table();
    lab.tables.putItem(it -> it.tableName(table).item(ITEM));
    return table;
  }

  private static TransactWriteItem put(String table, String key, String value) {
    return TransactWriteItem.builder()
        .put(it ->
            it.tableName(table)
                .item(Map.of("k", AttributeValue.fromS(key), "v", AttributeValue.fromS(value)))
                .conditionExpression("attribute_not_exists(k)")
                .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD))
        .build();
  }
}
