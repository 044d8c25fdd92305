package io.smartdoor.faults;

import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.ObjectNode;

/** Reads and writes bodies; numbers keep their digits. */
final class Json {

  private static final JsonMapper MAPPER =
      JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();

  private Json() {}

  /** The document, or a missing node where the bytes are none. */
  static JsonNode read(byte[] bytes) {
    if (bytes.length == 0) {
      return MissingNode.getInstance();
    }
    try {
      return MAPPER.readTree(bytes);
    } catch (JacksonException e) {
      return MissingNode.getInstance();
    }
  }

  static byte[] write(JsonNode node) {
    return MAPPER.writeValueAsBytes(node);
  }

  static ObjectNode object() {
    return MAPPER.createObjectNode();
  }

  /** A copy that may be changed. */
  static ObjectNode copyOf(JsonNode node) {
    return node.isObject() ? node.deepCopy().asObject() : object();
  }

  static List<JsonNode> elements(JsonNode array) {
    return array.valueStream().toList();
  }
}
