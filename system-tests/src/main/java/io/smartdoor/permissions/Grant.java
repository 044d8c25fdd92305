package io.smartdoor.permissions;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/**
 * The least part of a policy: one action on one resource under one value of each condition. A
 * statement is all combinations of its actions, resources and values.
 *
 * @param statement the statement's {@code Sid}
 * @param conditions what a call's context has to be; empty where nothing is asked
 */
public record Grant(
    String statement, String action, String resource, Map<String, String> conditions) {

  private static final Set<String> ELEMENTS =
      Set.of("Sid", "Effect", "Action", "Resource", "Condition");

  public Grant {
    conditions = Map.copyOf(conditions);
  }

  /**
   * All that a policy document grants.
   *
   * @throws IllegalArgumentException if the document has something that is not understood here,
   *     {@code Deny} say: what it means for the rest would be a guess
   */
  static List<Grant> in(JsonNode document) {
    return oneOrMore(document.path("Statement")).stream()
        .flatMap(it -> ofStatement(it).stream())
        .toList();
  }

  private static List<Grant> ofStatement(JsonNode statement) {
    var sid = statement.path("Sid").stringValue("a statement without Sid");
    for (var element : statement.propertyNames()) {
      require(ELEMENTS.contains(element), "one of " + ELEMENTS, element, sid);
    }
    var effect = statement.path("Effect").stringValue("");
    require(effect.equals("Allow"), "effect Allow", effect, sid);
    var grants = new ArrayList<Grant>();
    for (var conditions : combinations(statement.path("Condition"), sid)) {
      for (var action : oneOrMore(statement.path("Action"))) {
        for (var resource : oneOrMore(statement.path("Resource"))) {
          grants.add(new Grant(sid, action.stringValue(), resource.stringValue(), conditions));
        }
      }
    }
    require(!grants.isEmpty(), "an action and a resource", statement.toString(), sid);
    return grants;
  }

  /** Several values of a key are alternatives; several keys have to hold all. */
  private static List<Map<String, String>> combinations(JsonNode condition, String sid) {
    for (var operator : condition.propertyNames()) {
      require(operator.equals("StringEquals"), "operator StringEquals", operator, sid);
    }
    List<Map<String, String>> all = List.of(Map.of());
    for (var key : condition.path("StringEquals").properties()) {
      var longer = new ArrayList<Map<String, String>>();
      for (var shorter : all) {
        for (var value : oneOrMore(key.getValue())) {
          var one = new LinkedHashMap<>(shorter);
          one.put(key.getKey(), value.stringValue());
          longer.add(one);
        }
      }
      all = longer;
    }
    return all;
  }

  /** To CloudFormation on AWS a secret's {@code Ref} is its ARN, to MiniStack its name. */
  Grant onSecretsByArn(Arns arns) {
    return action.startsWith("secretsmanager:") && !resource.startsWith("arn:")
        ? new Grant(statement, action, arns.secret(resource), conditions)
        : this;
  }

  /** Whether a call that needs this may be made by this grant alone. */
  boolean covers(Permission needed) {
    return matches(action, needed.action(), Pattern.CASE_INSENSITIVE)
        && matches(
            Arns.withoutSuffix(resource), Arns.withoutSuffix(needed.resource()), /* flags */ 0)
        && conditions.entrySet().stream()
            .allMatch(it -> it.getValue().equals(needed.context().get(it.getKey())));
  }

  /** Whether more than one action or resource is meant. */
  boolean isOpen() {
    return (action + resource).matches(".*[*?].*");
  }

  boolean isSameAs(Grant other) {
    return action.equals(other.action)
        && resource.equals(other.resource)
        && conditions.equals(other.conditions);
  }

  /**
   * {@code *} is any text, {@code ?} any character.
   *
   * @see <a
   *     href="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html">IAM
   *     JSON policy elements: Resource</a>
   */
  private static boolean matches(String pattern, String text, int flags) {
    var written = Pattern.quote(pattern).replace("*", "\\E.*\\Q").replace("?", "\\E.\\Q");
    return Pattern.compile(written, flags | Pattern.DOTALL).matcher(text).matches();
  }

  private static List<JsonNode> oneOrMore(JsonNode value) {
    if (value.isMissingNode()) {
      return List.of();
    }
    return value.isArray() ? value.valueStream().toList() : List.of(value);
  }

  private static void require(boolean condition, String expected, String found, String sid) {
    if (!condition) {
      throw new IllegalArgumentException(
          "expected %s in %s, found %s".formatted(expected, sid, found));
    }
  }

  @Override
  public String toString() {
    return "%s: %s on %s%s".formatted(statement, action, resource, Permission.told(conditions));
  }
}
