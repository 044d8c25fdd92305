package io.smartdoor.faults;

/** A request, read whole. Immutable: nobody writes to the body. */
final class HttpRequest {

  private final String method;
  private final String target;
  private final Headers headers;
  private final byte[] body;

  HttpRequest(String method, String target, Headers headers, byte[] body) {
    this.method = method;
    this.target = target;
    this.headers = headers;
    this.body = body;
  }

  String method() {
    return method;
  }

  /** Path and query, as written. */
  String target() {
    return target;
  }

  String path() {
    var end = target.indexOf('?');
    return end < 0 ? target : target.substring(0, end);
  }

  String query() {
    var end = target.indexOf('?');
    return end < 0 ? "" : target.substring(end + 1);
  }

  Headers headers() {
    return headers;
  }

  byte[] body() {
    return body;
  }

  boolean isHead() {
    return method.equals("HEAD");
  }

  HttpRequest withBody(byte[] other) {
    return new HttpRequest(method, target, headers, other);
  }

  HttpRequest withHeader(String name, String value) {
    return new HttpRequest(method, target, headers.with(name, value), body);
  }

  HttpRequest withHeaders(Headers other) {
    return new HttpRequest(method, target, other, body);
  }
}
