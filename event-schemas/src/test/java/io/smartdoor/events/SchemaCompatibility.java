package io.smartdoor.events;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/**
 * What a schema may not do to those who read and write by its last release: take a field away,
 * rename it (which takes it away), or change what it may hold. Narrowing breaks old writers,
 * widening breaks old readers, who refuse a state that they do not know; so whatever says something
 * of a field stays as it is, and only fields are added.
 */
final class SchemaCompatibility {

  private static final Set<String> SAYS_NOTHING_OF_VALUES =
      Set.of("$schema", "$id", "$comment", "title", "description", "examples", "deprecated");
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
    } else {
      if (!was.equals(is)) {
        breaks.add("%s was %s, is %s".formatted(where, was, is));
      }
    }
  }
}
