package io.smartdoor.faults;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/** Writes messages to one connection, each with its length stated, each in one write. */
final class HttpOutput {

  private final OutputStream out;

  HttpOutput(OutputStream out) {
    this.out = out;
  }

  void goOn() throws IOException {
    out.write("HTTP/1.1 100 Continue\r\n\r\n".getBytes(US_ASCII));
    out.flush();
  }

  void write(HttpRequest request) throws IOException {
    var headers = request.headers().toPassOn();
    var length = request.body().length;
    if (length > 0 || headers.first("Content-Length").isPresent() || expectsBody(request)) {
      headers = headers.with("Content-Length", Integer.toString(length));
    }
    write("%s %s HTTP/1.1".formatted(request.method(), request.target()), headers, request.body());
  }

  void write(HttpResponse response, boolean toHead, boolean last) throws IOException {
    var headers = response.headers().toPassOn();
    if (!toHead && response.mayHaveBody()) {
      headers = headers.with("Content-Length", Integer.toString(response.body().length));
    }
    if (last) {
      headers = headers.with("Connection", "close");
    }
    var firstLine = "HTTP/1.1 %d %s".formatted(response.status(), response.reason());
    write(firstLine, headers, toHead ? new byte[0] : response.body());
  }

  private void write(String firstLine, Headers headers, byte[] body) throws IOException {
    var head = new StringBuilder(firstLine).append("\r\n");
    for (var header : headers.all()) {
      head.append(header.name()).append(": ").append(header.value()).append("\r\n");
    }
    head.append("\r\n");
    var message = new ByteArrayOutputStream(head.length() + body.length);
    message.write(head.toString().getBytes(ISO_8859_1));
    message.write(body);
    message.writeTo(out);
    out.flush();
  }

  private static boolean expectsBody(HttpRequest request) {
    return request.method().equals("POST") || request.method().equals("PUT");
  }
}
