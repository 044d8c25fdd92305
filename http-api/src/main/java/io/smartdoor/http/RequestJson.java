package io.smartdoor.http;

import org.springframework.http.HttpStatus;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads a JSON body that an endpoint took as bytes, with the same strictness and the same answers
 * as a {@code @RequestBody}.
 */
public final class RequestJson {

  private final JsonMapper json;

  /** Reads as {@code json} is configured to. */
  public RequestJson(JsonMapper json) {
    this.json = json;
  }

  /**
   * {@code body} as a {@code type}.
   *
   * @throws Refusal with 400, naming the field, where it is none
   */
  public <T> T read(byte[] body, Class<T> type) {
    try {
      var value = json.readValue(body, type);
      if (value == null) {
        throw new Refusal(HttpStatus.BAD_REQUEST, "the body: expected an object, found null");
      }
      return value;
    } catch (JacksonException e) {
      throw JsonProblems.refusal(e);
    }
  }
}
