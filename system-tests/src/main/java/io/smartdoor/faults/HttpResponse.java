package io.smartdoor.faults;

/** A response, read whole. Immutable: nobody writes to the body. */
final class HttpResponse {

  private final int status;
  private final String reason;
  private final Headers headers;
  private final byte[] body;

  HttpResponse(int status, String reason, Headers headers, byte[] body) {
    this.status = status;
    this.reason = reason;
    this.headers = headers;
    this.body = body;
  }

  int status() {
    return status;
  }

  String reason() {
    return reason;
  }

  Headers headers() {
    return headers;
  }

  byte[] body() {
    return body;
  }

  /** Whether a body may follow: https://www.rfc-editor.org/rfc/rfc9112#section-6.3. */
  boolean mayHaveBody() {
    return status >= 200 && status != 204 && status != 304;
  }

  HttpResponse withStatus(int other) {
    return new HttpResponse(other, "Altered", headers, body);
  }

  HttpResponse withBody(byte[] other) {
    return new HttpResponse(status, reason, headers, other);
  }

  HttpResponse withHeader(String name, String value) {
    return new HttpResponse(status, reason, headers.with(name, value), body);
  }
}
