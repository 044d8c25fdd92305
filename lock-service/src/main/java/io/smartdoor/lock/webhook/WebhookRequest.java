package io.smartdoor.lock.webhook;

import io.smartdoor.http.Refusal;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;

/** What can be read of a webhook before it is known whose it is. */
final class WebhookRequest {

  /** Of a body, in bytes: as large as Standard Webhooks recommends. */
  static final int MAX_BODY = 20 * 1024;

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
      throw tooLarge();
    }
    try {
      var body = request.getInputStream().readNBytes(MAX_BODY + 1);
      if (body.length > MAX_BODY) {
        throw tooLarge();
      }
      return body;
    } catch (IOException _) {
      throw new Refusal(HttpStatus.BAD_REQUEST, "the body did not arrive");
    }
  }

  private static Refusal tooLarge() {
    return new Refusal(
        HttpStatus.CONTENT_TOO_LARGE, "expected a body of at most %d bytes".formatted(MAX_BODY));
  }

  /**
   * Makes sure that the body is JSON as it stands.
   *
   * @throws Refusal with 415
   */
  void demandJson() {
    if (request.getHeader(HttpHeaders.CONTENT_ENCODING) != null) {
      throw Refusal.ofField(
          HttpStatus.UNSUPPORTED_MEDIA_TYPE,
          HttpHeaders.CONTENT_ENCODING,
          "expected a body that is not encoded");
    }
    if (!isJson(request.getContentType())) {
      throw Refusal.ofField(
          HttpStatus.UNSUPPORTED_MEDIA_TYPE,
          HttpHeaders.CONTENT_TYPE,
          "expected application/json, in UTF-8");
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
