package io.smartdoor.events;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/**
 * One JSON object of an event, read field by field, so that an error names the field by its whole
 * path.
 */
final class JsonReader {

  private static final String FOUND = ", found ";

  private final String path;
  private final JsonNode object;

  private JsonReader(String path, JsonNode object) {
    this.path = path;
    this.object = object;
  }

  static JsonReader root(JsonNode node) {
    if (!node.isObject()) {
      throw new InvalidEventException("event", "expected a JSON object, found " + kind(node));
    }
    return new JsonReader("", node);
  }

  JsonReader object(String field) {
    return optionalObject(field).orElseThrow(() -> missing(field));
  }

  Optional<JsonReader> optionalObject(String field) {
    return present(field)
        .map(node -> {
          demand(node.isObject(), field, "an object", node);
          return new JsonReader(pathOf(field) + ".", node);
        });
  }

  List<JsonReader> objects(String field) {
    return present(field)
        .map(node -> {
          demand(node.isArray(), field, "an array", node);
          var readers = new ArrayList<JsonReader>();
          for (var element : node) {
            var name = "%s[%d]".formatted(field, readers.size());
            demand(element.isObject(), name, "an object", element);
            readers.add(new JsonReader(pathOf(name) + ".", element));
          }
          return List.copyOf(readers);
        })
        .orElse(List.of());
  }

  String text(String field) {
    return optionalText(field).orElseThrow(() -> missing(field));
  }

  Optional<String> optionalText(String field) {
    return present(field)
        .map(node -> {
          demand(node.isString(), field, "a string", node);
          return node.stringValue();
        });
  }

  /** A text of this form. Whatever else is there is as good as nothing. */
  Optional<String> textLike(Pattern form, String field) {
    return present(field)
        .filter(JsonNode::isString)
        .map(JsonNode::stringValue)
        .filter(text -> form.matcher(text).matches());
  }

  /**
   * A text that {@code parse} accepts; what it refuses with an IllegalArgumentException becomes
   * this field's error.
   */
  <T> Optional<T> optional(String field, Function<String, T> parse) {
    return optionalText(field).map(text -> parsed(field, text, parse));
  }

  <T> T required(String field, Function<String, T> parse) {
    return parsed(field, text(field), parse);
  }

  /** 1.0 is an integer too, as JSON Schema has it. */
  Optional<Integer> optionalInteger(String field) {
    return present(field)
        .map(node -> {
          demand(
              node.isNumber() && node.canConvertToExactIntegral() && node.canConvertToInt(),
              field,
              "an integer",
              node);
          return node.decimalValue().intValueExact();
        });
  }

  Optional<Double> optionalNumber(String field) {
    return present(field)
        .map(node -> {
          demand(node.isNumber(), field, "a number", node);
          return node.doubleValue();
        });
  }

  static Instant instant(String text) {
    try {
      return OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException(
          "expected a time such as 2026-01-31T12:00:00Z (RFC 3339), found \"%s\"".formatted(text),
          e);
    }
  }

  InvalidEventException invalid(String field, String problem) {
    return new InvalidEventException(pathOf(field), problem);
  }

  InvalidEventException invalid(String field, String expected, Object found) {
    return new InvalidEventException(
        pathOf(field), "expected " + expected, ", found \"%s\"".formatted(found));
  }

  /** What is said here is "expected this, found that"; of anything else, all may be content. */
  InvalidEventException invalid(String field, IllegalArgumentException e) {
    var message = String.valueOf(e.getMessage());
    var found = message.indexOf(FOUND);
    return found < 0
        ? new InvalidEventException(pathOf(field), "expected another value", ": " + message)
        : new InvalidEventException(
            pathOf(field), message.substring(0, found), message.substring(found));
  }

  private <T> T parsed(String field, String text, Function<String, T> parse) {
    try {
      return parse.apply(text);
    } catch (IllegalArgumentException e) {
      throw invalid(field, e);
    }
  }

  /** An explicit null says as much as a missing field. */
  private Optional<JsonNode> present(String field) {
    return Optional.ofNullable(object.get(field)).filter(node -> !node.isNull());
  }

  private void demand(boolean holds, String field, String expected, JsonNode found) {
    if (!holds) {
      throw invalid(field, "expected %s, found %s".formatted(expected, kind(found)));
    }
  }

  private InvalidEventException missing(String field) {
    return invalid(field, "is missing");
  }

  private String pathOf(String field) {
    return path + field;
  }

  private static String kind(JsonNode node) {
    return switch (node.getNodeType()) {
      case ARRAY -> "an array";
      case OBJECT, POJO -> "an object";
      case STRING -> "a string";
      case BINARY -> "binary data";
      case NUMBER -> "a number";
      case BOOLEAN -> "a boolean";
      case NULL -> "null";
      case MISSING -> "nothing";
    };
  }
}
