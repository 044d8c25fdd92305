package io.smartdoor.lock.webhook;

import java.time.Instant;
import java.util.List;

/**
 * The headers of a signed webhook.
 *
 * @param timestamp as written, which is what was signed: seconds since 1970
 * @param signatures each as {@code version,base64}; of which versions is not looked at here
 */
public record WebhookHeaders(WebhookId id, String timestamp, List<String> signatures) {

  public static final String ID = "webhook-id";
  public static final String TIMESTAMP = "webhook-timestamp";
  public static final String SIGNATURE = "webhook-signature";

  /** Ten digits last until 2286. */
  public static final String TIMESTAMP_FORM = "[0-9]{1,10}";

  public WebhookHeaders {
    if (!timestamp.matches(TIMESTAMP_FORM)) {
      throw new IllegalArgumentException("expected seconds since 1970");
    }
    signatures = List.copyOf(signatures);
  }

  /** From the header's value: signatures are separated by spaces. */
  static List<String> signatures(String header) {
    return List.of(header.strip().split(" +"));
  }

  Instant sentAt() {
    return Instant.ofEpochSecond(Long.parseLong(timestamp));
  }
}
