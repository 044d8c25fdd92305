package io.smartdoor.lock.webhook;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/** How many webhooks came, and what was made of them. */
final class WebhookMetrics {

  /** Why a webhook is refused. */
  enum Reason {
    TOO_LARGE,
    MEDIA_TYPE,
    HEADERS,
    SIGNATURE,
    TIMESTAMP,
    IDEMPOTENCY_KEY,
    BODY,
    CONFLICT,
    /** A door that reports too much. */
    RATE,
    /** A place from which too much came that no door signed. */
    SOURCE_RATE;

    private String tag() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /** Why a webhook is not begun. */
  enum Shed {
    FULL,
    LATE;

    private String tag() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private final Counter accepted;
  private final Counter replayed;
  private final Map<Reason, Counter> refused = new EnumMap<>(Reason.class);
  private final Map<Shed, Counter> shed = new EnumMap<>(Shed.class);

  WebhookMetrics(MeterRegistry meters) {
    accepted =
        Counter.builder("smartdoor.webhooks.accepted")
            .description("Webhooks whose event will be published")
            .register(meters);
    replayed =
        Counter.builder("smartdoor.webhooks.replayed")
            .description("Repeated webhooks that got their first answer again")
            .register(meters);
    for (var reason : Reason.values()) {
      refused.put(
          reason,
          Counter.builder("smartdoor.webhooks.refused")
              .description("Webhooks that were refused")
              .tag("reason", reason.tag())
              .register(meters));
    }
    for (var reason : Shed.values()) {
      shed.put(
          reason,
          Counter.builder("smartdoor.webhooks.shed")
              .description("Webhooks that were not begun, because too many were in hand")
              .tag("reason", reason.tag())
              .register(meters));
    }
  }

  void accepted() {
    accepted.increment();
  }

  void replayed() {
    replayed.increment();
  }

  void refused(Reason reason) {
    var counter = refused.get(reason);
    if (counter != null) {
      counter.increment();
    }
  }

  void shed(Shed reason) {
    var counter = shed.get(reason);
    if (counter != null) {
      counter.increment();
    }
  }
}
