package io.smartdoor.faults;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ProtocolException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads the messages that arrive on one connection, one after another: what was sent ahead waits in
 * the buffer. Bodies are read whole, by length, in chunks or until the connection ends.
 */
final class HttpInput {

  private static final int LONGEST_LINE = 64 * 1024;

  /**
   * More than any AWS request that SmartDoor makes; a bound, so that nonsense does not eat memory.
   */
  private static final int LARGEST_BODY = 256 * 1024 * 1024;

  private static final byte[] NO_BODY = new byte[0];

  /** Tells the client that waits with its body to send it. */
  @FunctionalInterface
  interface Encouragement {
    void goOn() throws IOException;
  }

  private final InputStream in;

  HttpInput(InputStream in) {
    this.in = new BufferedInputStream(in, 16 * 1024);
  }

  /** The next request; empty where the client has ended the connection between two. */
  Optional<HttpRequest> request(Encouragement encouragement) throws IOException {
    var line = line();
    if (line == null) {
      return Optional.empty();
    }
    var parts = line.split(" ", 3);
    if (parts.length != 3 || !parts[2].startsWith("HTTP/1.")) {
      throw new ProtocolException("expected a request line of HTTP/1, found " + line);
    }
    var headers = headers();
    if (headers.says("Expect", "100-continue")) {
      encouragement.goOn();
    }
    var body = bodyOfStatedLength(headers);
    return Optional.of(new HttpRequest(parts[0], parts[1], headers, body == null ? NO_BODY : body));
  }

  /** The next final response. */
  HttpResponse response(boolean toHead) throws IOException {
    while (true) {
      var line = expectedLine();
      var parts = line.split(" ", 3);
      if (parts.length < 2 || !parts[0].startsWith("HTTP/1.") || !parts[1].matches("[0-9]{3}")) {
        throw new ProtocolException("expected a status line of HTTP/1, found " + line);
      }
      var head =
          new HttpResponse(
              Integer.parseInt(parts[1]), parts.length == 3 ? parts[2] : "", headers(), NO_BODY);
      if (head.status() >= 200) {
        return toHead || !head.mayHaveBody() ? head : head.withBody(body(head.headers()));
      }
    }
  }

  private byte[] body(Headers headers) throws IOException {
    var stated = bodyOfStatedLength(headers);
    return stated != null ? stated : in.readAllBytes();
  }

  private byte @Nullable [] bodyOfStatedLength(Headers headers) throws IOException {
    if (headers.says("Transfer-Encoding", "chunked")) {
      return chunks();
    }
    var length = headers.first("Content-Length");
    return length.isPresent() ? exactly(number(length.get(), 10)) : null;
  }

  private byte[] chunks() throws IOException {
    var body = new ByteArrayOutputStream();
    while (true) {
      var size = number(expectedLine().replaceFirst(";.*", ""), 16);
      if (size == 0) {
        headers(); // trailers, which no AWS protocol needs
        return body.toByteArray();
      }
      if (body.size() + size > LARGEST_BODY) {
        throw new ProtocolException("expected a body of at most " + LARGEST_BODY + " bytes");
      }
      body.write(exactly(size));
      expectedLine();
    }
  }

  private byte[] exactly(int length) throws IOException {
    var bytes = in.readNBytes(length);
    if (bytes.length < length) {
      throw new EOFException("expected %d bytes, found %d".formatted(length, bytes.length));
    }
    return bytes;
  }

  private Headers headers() throws IOException {
    List<Headers.Header> all = new ArrayList<>();
    for (var line = expectedLine(); !line.isEmpty(); line = expectedLine()) {
      var colon = line.indexOf(':');
      if (colon < 1) {
        throw new ProtocolException("expected a header field, found " + line);
      }
      all.add(new Headers.Header(line.substring(0, colon), line.substring(colon + 1).strip()));
    }
    return new Headers(all);
  }

  private String expectedLine() throws IOException {
    var line = line();
    if (line == null) {
      throw new EOFException("the connection ended within a message");
    }
    return line;
  }

  /** Null at the end of the connection. */
  private @Nullable String line() throws IOException {
    var bytes = new ByteArrayOutputStream(128);
    for (var next = in.read(); next != '\n'; next = in.read()) {
      if (next < 0 && bytes.size() == 0) {
        return null;
      }
      if (next < 0 || bytes.size() > LONGEST_LINE) {
        throw new EOFException("the connection ended, or a line did not");
      }
      bytes.write(next);
    }
    var line = bytes.toString(ISO_8859_1);
    return line.endsWith("\r") ? line.substring(0, line.length() - 1) : line;
  }

  private static int number(String digits, int radix) throws IOException {
    try {
      var number = Integer.parseInt(digits.strip(), radix);
      if (number >= 0 && number <= LARGEST_BODY) {
        return number;
      }
    } catch (NumberFormatException e) {
      // said below
    }
    throw new ProtocolException(
        "expected a length of at most %d, found %s".formatted(LARGEST_BODY, digits));
  }
}
