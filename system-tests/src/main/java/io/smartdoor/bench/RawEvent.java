package io.smartdoor.bench;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** As much of a message as raw code needs to understand. */
record RawEvent(String detailType, String key, JsonNode detail) {

  static RawEvent of(String message) {
    var envelope = JsonMapper.shared().readTree(message);
    var detail = envelope.path("detail");
    return new RawEvent(
        envelope.path("detail-type").stringValue(),
        detail.path("metadata").path("idempotency-key").stringValue(),
        detail);
  }
}
