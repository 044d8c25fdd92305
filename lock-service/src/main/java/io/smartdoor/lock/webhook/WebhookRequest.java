package io.smartdoor.lock.webhook;

import io.smartdoor.http.Refusal;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;

/** What can be read of a webhook before it is known whose it is. */
final class WebhookRequest {

  /** Of a body, in bytes: as large as Standard Webhooks recommends. */
  static final int MAX_BODY = 20 * 1024;

  /** What is set aside at first for a body whose length nobody says. */
  private static final int UNDECLARED = 64 * 1024;

  static final String IDEMPOTENCY_KEY = "Idempotency-Key";

  private final HttpServletRequest request;

  WebhookRequest(HttpServletRequest request) {
    this.request = request;
  }

  /**
   * The body as it came. Of one that is too large no more is read than shows that.
   *
   * @throws Refusal with 413; with 400 where its sender breaks off
   */
  byte[] body() {
    if (request.getContentLengthLong() > MAX_BODY) {
      throw tooLarge(MAX_BODY);
    }
    try {
      var body = request.getInputStream().readNBytes(MAX_BODY + 1);
      if (body.length > MAX_BODY) {
        throw tooLarge(MAX_BODY);
      }
      return body;
    } catch (IOException _) {
      throw new Refusal(HttpStatus.BAD_REQUEST, "the body did not arrive");
    }
  }

  /**
   * A body that may be large, and is given up when it is late: a sender of one byte a second is not
   * to hold what others need.
   *
   * @param most in bytes
   * @throws Refusal with 413; with 408 where it is late; with 400 where its sender breaks off
   */
  byte[] body(int most, BooleanSupplier isLate) {
    var declared = request.getContentLengthLong();
    if (declared > most) {
      throw tooLarge(most);
    }
    try {
      return read(request.getInputStream(), (int) declared, most, isLate);
    } catch (IOException _) {
      throw new Refusal(HttpStatus.BAD_REQUEST, "the body did not arrive");
    }
  }

  /**
   * @param declared negative where it is not: then what is held grows with what comes
   */
  private static byte[] read(InputStream body, int declared, int most, BooleanSupplier isLate)
      throws IOException {
    var buffer = new byte[declared < 0 ? Math.min(UNDECLARED, most) : declared];
    var length = 0;
    while (true) {
      if (length == buffer.length) {
        var next = body.read();
        if (next < 0) {
          return buffer;
        }
        if (length == most) {
          throw tooLarge(most);
        }
        buffer = Arrays.copyOf(buffer, (int) Math.min(most, Math.max(2L * length, UNDECLARED)));
        buffer[length++] = (byte) next;
      }
      if (isLate.getAsBoolean()) {
        throw new Refusal(HttpStatus.REQUEST_TIMEOUT, "expected the body to arrive sooner");
      }
      var count = body.read(buffer, length, buffer.length - length);
      if (count < 0) {
        return Arrays.copyOf(buffer, length);
      }
      length += count;
    }
  }

  private static Refusal tooLarge(int most) {
    return new Refusal(
        HttpStatus.CONTENT_TOO_LARGE, "expected a body of at most %d bytes".formatted(most));
  }

  /**
   * Makes sure that the body is JSON as it stands.
   *
   * @throws Refusal with 415
   */
  void demandJson() {
    demandPlain();
    if (!isJson(request.getContentType())) {
      throw Refusal.ofField(
          HttpStatus.UNSUPPORTED_MEDIA_TYPE,
          HttpHeaders.CONTENT_TYPE,
          "expected application/json, in UTF-8");
    }
  }

  /**
   * Makes sure that the body stands for itself.
   *
   * @throws Refusal with 415
   */
  void demandPlain() {
    if (request.getHeader(HttpHeaders.CONTENT_ENCODING) != null) {
      throw Refusal.ofField(
          HttpStatus.UNSUPPORTED_MEDIA_TYPE,
          HttpHeaders.CONTENT_ENCODING,
          "expected a body that is not encoded");
    }
  }

  private static boolean isJson(@Nullable String contentType) {
    try {
      var type = MediaType.parseMediaType(contentType == null ? "" : contentType);
      var charset = type.getCharset();
      return type.equalsTypeAndSubtype(MediaType.APPLICATION_JSON)
          && (charset == null || charset.equals(StandardCharsets.UTF_8));
    } catch (IllegalArgumentException _) {
      return false;
    }
  }

  /**
   * The headers of Standard Webhooks.
   *
   * @throws Refusal with 401 where one is missing, with 400 where one has another form
   */
  WebhookHeaders headers() {
    var id = parsed(WebhookHeaders.ID, single(WebhookHeaders.ID));
    var timestamp = single(WebhookHeaders.TIMESTAMP);
    var signature = String.join(" ", all(WebhookHeaders.SIGNATURE));
    try {
      return new WebhookHeaders(id, timestamp, WebhookHeaders.signatures(signature));
    } catch (IllegalArgumentException e) {
      throw malformed(WebhookHeaders.TIMESTAMP, e);
    }
  }

  /** The header {@code Idempotency-Key}, if there is one: a string with or without its quotes. */
  @Nullable WebhookId idempotencyKey() {
    if (request.getHeader(IDEMPOTENCY_KEY) == null) {
      return null;
    }
    return parsed(IDEMPOTENCY_KEY, single(IDEMPOTENCY_KEY).replaceFirst("^\"(.*)\"$", "$1"));
  }

  /** The header {@code traceparent}, whatever it says. */
  Optional<String> traceparent() {
    return Optional.ofNullable(request.getHeader("traceparent"));
  }

  private static WebhookId parsed(String header, String value) {
    try {
      return new WebhookId(value);
    } catch (IllegalArgumentException e) {
      throw malformed(header, e);
    }
  }

  private static Refusal malformed(String header, IllegalArgumentException problem) {
    return Refusal.ofField(HttpStatus.BAD_REQUEST, header, String.valueOf(problem.getMessage()));
  }

  private String single(String header) {
    var values = all(header);
    if (values.size() > 1) {
      throw Refusal.ofField(HttpStatus.BAD_REQUEST, header, "expected it once");
    }
    return values.getFirst();
  }

  private List<String> all(String header) {
    List<String> values = Collections.list(request.getHeaders(header));
    if (values.isEmpty()) {
      throw Refusal.ofField(HttpStatus.UNAUTHORIZED, header, "is missing");
    }
    return values;
  }
}
