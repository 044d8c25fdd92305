package io.smartdoor.permissions;

import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What one call needs: an action on one resource, in the circumstances that a policy may ask about.
 *
 * @param action as IAM has it ({@code dynamodb:PutItem})
 * @param resource its ARN
 * @param context the values of condition keys that the call itself decides ({@code events:source})
 */
record Permission(String action, String resource, Map<String, String> context) {

  Permission {
    context = Map.copyOf(context);
  }

  static Permission of(String action, String resource) {
    return new Permission(action, resource, Map.of());
  }

  @Override
  public String toString() {
    return "%s on %s%s".formatted(action, resource, told(context));
  }

  /** Conditions as a reader sees them, in an order that is always the same. */
  static String told(Map<String, String> conditions) {
    return conditions.isEmpty()
        ? ""
        : new TreeMap<>(conditions)
            .entrySet().stream()
                .map(it -> it.getKey() + " = " + it.getValue())
                .collect(Collectors.joining(", ", " where ", ""));
  }
}
