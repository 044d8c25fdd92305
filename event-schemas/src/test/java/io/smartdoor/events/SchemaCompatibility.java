package io.smartdoor.events;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/**
 * What a schema may not do to those who read by its last release: take a field away, rename it
 * (which takes it away), or narrow what it may hold. A keyword that this comparison does not know
 * counts as narrowing, so that nothing slips through.
 */
final class SchemaCompatibility {

  private static final Set<String> SAYS_NOTHING_OF_VALUES =
      Set.of("$schema", "$id", "$comment", "title", "description", "examples", "deprecated");
  private static final Set<String> LOWER_BOUNDS =
      Set.of("minimum", "minLength", "minItems", "exclusiveMinimum");
  private static final Set<String> UPPER_BOUNDS =
      Set.of("maximum", "maxLength", "maxItems", "exclusiveMaximum");
  private static final Set<String> OF_FIELDS = Set.of("properties", "$defs");

  private final List<String> breaks = new ArrayList<>();

  private SchemaCompatibility() {}

  /**
   * One line for each way in which {@code current} breaks a reader or writer of {@code released};
   * empty where none does.
   */
  static List<String> breaks(JsonNode released, JsonNode current) {
    var comparison = new SchemaCompatibility();
    comparison.compare("", released, current);
    return comparison.breaks;
  }

  private void compare(String path, JsonNode released, JsonNode current) {
    var keywords = new TreeSet<>(released.propertyNames());
    keywords.addAll(current.propertyNames());
    keywords.removeAll(SAYS_NOTHING_OF_VALUES);
    for (var keyword : keywords) {
      compareKeyword(path, keyword, released.path(keyword), current.path(keyword));
    }
  }

  private void compareKeyword(String path, String keyword, JsonNode was, JsonNode is) {
    var where = path + "/" + keyword;
    if (OF_FIELDS.contains(keyword)) {
      for (var field : was.propertyNames()) {
        if (is.has(field)) {
          compare(where + "/" + field, was.get(field), is.get(field));
        } else {
          breaks.add(where + "/" + field + " is gone");
        }
      }
    } else if (keyword.equals("items") && was.isObject() && is.isObject()) {
      compare(where, was, is);
    } else if (keyword.equals("required")) {
      is.values().stream()
          .filter(field -> !was.values().contains(field))
          .forEach(field -> breaks.add(where + " now demands " + field.stringValue()));
      // A field that readers could rely on must stay one.
      was.values().stream()
          .filter(field -> !is.values().contains(field))
          .forEach(field -> breaks.add(where + " no longer demands " + field.stringValue()));
    } else if (keyword.equals("enum") && was.isArray() && is.isArray()) {
      was.values().stream()
          .filter(value -> !is.values().contains(value))
          .forEach(value -> breaks.add(where + " no longer has " + value));
    } else if (LOWER_BOUNDS.contains(keyword) && was.isNumber() && is.isNumber()) {
      addIf(is.doubleValue() > was.doubleValue(), where, was, is);
    } else if (UPPER_BOUNDS.contains(keyword) && was.isNumber() && is.isNumber()) {
      addIf(is.doubleValue() < was.doubleValue(), where, was, is);
    } else {
      addIf(!was.equals(is), where, was, is);
    }
  }

  private void addIf(boolean narrowed, String where, JsonNode was, JsonNode is) {
    if (narrowed) {
      breaks.add("%s was %s, is %s".formatted(where, was, is));
    }
  }
}
