package io.smartdoor.http;

import org.springframework.http.HttpMethod;

/**
 * An endpoint that answers without the admin token, because it authenticates its callers by itself.
 * It may limit its bodies as it likes: a length that is too large is for it to refuse. A service
 * declares it as a bean.
 *
 * @param pattern of the path, in Spring's syntax: {@code /v1/doors/{id}/events}
 * @param maxBody the most bytes that are read of a body where that is more than others may send,
 *     else 0
 */
public record OpenEndpoint(HttpMethod method, String pattern, long maxBody) {

  /** One whose bodies are no larger than others. */
  public OpenEndpoint(HttpMethod method, String pattern) {
    this(method, pattern, 0);
  }
}
