package io.smartdoor.faults;

import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Removes the conditions of DynamoDB's writes, and what only they used: DynamoDB refuses names and
 * values that no expression mentions.
 */
final class Conditions {

  private static final String CONDITION = "ConditionExpression";

  /** The form from before expressions. */
  private static final String LEGACY_CONDITION = "Expected";

  private static final String CHECK = "ConditionCheck";
  private static final String TRANSACTION = "TransactItems";

  private static final Set<String> WRITES =
      Set.of("PutItem", "UpdateItem", "DeleteItem", "TransactWriteItems");

  /** The one other expression that a write can have. */
  private static final String UPDATE = "UpdateExpression";

  private Conditions() {}

  static boolean areIn(AwsCall call) {
    var operation = call.operation();
    return operation.service() == AwsService.DYNAMODB
        && WRITES.contains(operation.name())
        && (isConditional(call.body()) || isConditionalTransaction(call.body()));
  }

  static AwsCall strippedFrom(AwsCall call) {
    var body = Json.copyOf(call.body());
    if (body.has(TRANSACTION)) {
      var actions = body.withArray(TRANSACTION);
      actions.removeIf(it -> it.has(CHECK));
      actions.valueStream().flatMap(JsonNode::valueStream).forEach(Conditions::strip);
    } else {
      strip(body);
    }
    return call.withBody(body);
  }

  private static boolean isConditional(JsonNode write) {
    return write.has(CONDITION) || write.has(LEGACY_CONDITION);
  }

  /** A transaction of nothing but checks writes nothing, and would be empty without them. */
  private static boolean isConditionalTransaction(JsonNode body) {
    var actions = Json.elements(body.path(TRANSACTION));
    return actions.stream().flatMap(JsonNode::valueStream).anyMatch(Conditions::isConditional)
        && !actions.stream().allMatch(it -> it.has(CHECK));
  }

  private static void strip(JsonNode node) {
    if (node instanceof ObjectNode write && isConditional(write)) {
      write.remove(List.of(CONDITION, LEGACY_CONDITION, "ReturnValuesOnConditionCheckFailure"));
      var left = write.path(UPDATE).stringValue("");
      keepUsed(write, "ExpressionAttributeNames", left);
      keepUsed(write, "ExpressionAttributeValues", left);
    }
  }

  private static void keepUsed(ObjectNode write, String placeholders, String expression) {
    if (write.path(placeholders) instanceof ObjectNode defined) {
      defined.retain(
          defined.propertyNames().stream().filter(it -> mentions(expression, it)).toList());
      if (defined.isEmpty()) {
        write.remove(placeholders);
      }
    }
  }

  private static boolean mentions(String expression, String placeholder) {
    return Pattern.compile(Pattern.quote(placeholder) + "(?![A-Za-z0-9_])")
        .matcher(expression)
        .find();
  }
}
