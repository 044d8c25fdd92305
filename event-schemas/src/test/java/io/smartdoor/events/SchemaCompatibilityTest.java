package io.smartdoor.events;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/**
 * The schemas of the last release stand under {@code src/test/resources/released}; a release adds a
 * folder.
 */
class SchemaCompatibilityTest {

  private static final String RELEASED =
      """
      {"type": "object", "required": ["a"],
       "properties": {"a": {"type": "string", "enum": ["x", "y"]},
                      "b": {"type": "number", "minimum": 0, "maximum": 9},
                      "c": {"type": "array", "items": {"type": "string", "pattern": "^x"}}}}
      """;

  static Stream<String> releasedSchemas() {
    return Resources.names("/released").stream()
        .flatMap(version ->
            Resources.names("/released/" + version).stream()
                .map(name -> "%s/%s".formatted(version, name)));
  }

  @ParameterizedTest
  @MethodSource("releasedSchemas")
  void noSchemaBreaksThoseWhoReadByAReleasedOne(String released) {
    var name = released.substring(released.indexOf('/') + 1);

    assertThat(
            SchemaCompatibility.breaks(
                Resources.json("/released/" + released), Resources.json("schemas/" + name)))
        .isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          "b": {"type": "number", "minimum": 0, "maximum": 9},  | ''                                                | /properties/b is gone
          "type": "number"                                      | "type": "string"                                  | /properties/b/type was "number", is "string"
          "required": ["a"]                                     | "required": ["a", "b"]                            | /required now demands b
          "required": ["a"]                                     | "required": []                                    | /required no longer demands a
          "enum": ["x", "y"]                                    | "enum": ["x"]                                     | /properties/a/enum was ["x","y"], is ["x"]
          "enum": ["x", "y"]                                    | "enum": ["x", "y", "z"]                            | /properties/a/enum was ["x","y"], is ["x","y","z"]
          "maximum": 9                                          | "maximum": 10                                     | /properties/b/maximum was 9, is 10
          "minimum": 0                                          | "minimum": 1                                      | /properties/b/minimum was 0, is 1
          "maximum": 9                                          | "maximum": 8                                      | /properties/b/maximum was 9, is 8
          "pattern": "^x"                                       | "pattern": "^xy"                                  | /properties/c/items/pattern was "^x", is "^xy"
          "minimum": 0                                          | "minimum": 0, "multipleOf": 2                     | /properties/b/multipleOf was , is 2
          "required": ["a"]                                     | "required": ["a"], "additionalProperties": false  | /additionalProperties was , is false
          """)
  void catches(String before, String after, String found) {
    assertThat(SchemaCompatibility.breaks(json(RELEASED), json(RELEASED.replace(before, after))))
        .isEqualTo(List.of(found));
  }

  @Test
  void letsFieldsBeAddedAndExplained() {
    var larger =
        RELEASED
            .replace("\"maximum\": 9", "\"maximum\": 9, \"description\": \"more\"")
            .replace("\"properties\": {", "\"properties\": {\"d\": {\"type\": \"boolean\"},");

    assertThat(SchemaCompatibility.breaks(json(RELEASED), json(larger))).isEmpty();
  }

  private static JsonNode json(String text) {
    return Resources.JSON.readTree(text);
  }
}
