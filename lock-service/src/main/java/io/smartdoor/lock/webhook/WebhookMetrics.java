package io.smartdoor.lock.webhook;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/** How many requests of one kind doors sent, and what was made of them. */
public final class WebhookMetrics {

  /** Why a request is refused. */
  public enum Reason {
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

  /** Why a request is not begun. */
  public enum Shed {
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
    this(
        Counter.builder("smartdoor.webhooks.accepted")
            .description("Webhooks whose event will be published")
            .register(meters),
        Counter.builder("smartdoor.webhooks.replayed")
            .description("Repeated webhooks that got their first answer again")
            .register(meters),
        it ->
            Counter.builder("smartdoor.webhooks.refused")
                .description("Webhooks that were refused")
                .tag("reason", it.tag())
                .register(meters),
        it ->
            Counter.builder("smartdoor.webhooks.shed")
                .description("Webhooks that were not begun, because too many were in hand")
                .tag("reason", it.tag())
                .register(meters));
  }

  private WebhookMetrics(
      Counter accepted,
      Counter replayed,
      Function<Reason, Counter> refused,
      Function<Shed, Counter> shed) {
    this.accepted = accepted;
    this.replayed = replayed;
    Arrays.stream(Reason.values()).forEach(it -> this.refused.put(it, refused.apply(it)));
    Arrays.stream(Shed.values()).forEach(it -> this.shed.put(it, shed.apply(it)));
  }

  /** Those of pictures. */
  static WebhookMetrics ofSnapshots(MeterRegistry meters) {
    return new WebhookMetrics(
        Counter.builder("smartdoor.snapshots.accepted")
            .description("Pictures that were stored")
            .register(meters),
        Counter.builder("smartdoor.snapshots.replayed")
            .description("Repeated pictures that got their first answer again")
            .register(meters),
        it ->
            Counter.builder("smartdoor.snapshots.refused")
                .description("Pictures that were refused")
                .tag("reason", it.tag())
                .register(meters),
        it ->
            Counter.builder("smartdoor.snapshots.shed")
                .description("Pictures that were not looked at, because too many were in hand")
                .tag("reason", it.tag())
                .register(meters));
  }

  /** One did what it was sent for. */
  public void accepted() {
    accepted.increment();
  }

  /** One got its first answer again. */
  public void replayed() {
    replayed.increment();
  }

  /** One was refused. */
  public void refused(Reason reason) {
    var counter = refused.get(reason);
    if (counter != null) {
      counter.increment();
    }
  }

  /** One was not begun. */
  public void shed(Shed reason) {
    var counter = shed.get(reason);
    if (counter != null) {
      counter.increment();
    }
  }
}
