package io.smartdoor.lock.outbox;

import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.media.Schema.AdditionalPropertiesValue;
import io.swagger.v3.oas.annotations.media.Schema.RequiredMode;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the API of parked events writes. */
final class ParkedEventViews {

  private ParkedEventViews() {}

  @Schema(name = "ParkedEvent", additionalProperties = AdditionalPropertiesValue.FALSE)
  record Parked(
      @Schema(requiredMode = RequiredMode.REQUIRED, format = "uuid") String idempotencyKey,
      @Schema(requiredMode = RequiredMode.REQUIRED) String door,
      @Schema(requiredMode = RequiredMode.REQUIRED) String detailType,
      @Schema(
              requiredMode = RequiredMode.REQUIRED,
              description = "JSON as text, as the event bus was given it.")
          String detail,
      @Schema(requiredMode = RequiredMode.REQUIRED) List<String> resources,
      @Schema(requiredMode = RequiredMode.REQUIRED) Instant time,
      @Schema(requiredMode = RequiredMode.REQUIRED) Instant acceptedAt,
      @Schema(requiredMode = RequiredMode.REQUIRED) Instant parkedAt,
      @Schema(
              requiredMode = RequiredMode.REQUIRED,
              description = "Why the event bus refused it: EventBridge's error code.")
          String code,
      @Schema(requiredMode = RequiredMode.REQUIRED) String message) {

    static Parked of(ParkedEvent event) {
      return new Parked(
          event.key().toString(),
          event.door().value(),
          event.outgoing().detailType(),
          event.outgoing().detail(),
          event.outgoing().resources(),
          event.outgoing().time(),
          event.acceptedAt(),
          event.parkedAt(),
          event.code(),
          event.message());
    }
  }

  @Schema(name = "ParkedEvents", additionalProperties = AdditionalPropertiesValue.FALSE)
  record Page(
      @Schema(requiredMode = RequiredMode.REQUIRED) List<Parked> items,
      @Schema(description = "The `cursor` of the next page; absent on the last.")
          @Nullable String next) {

    static Page of(ParkedPage page) {
      return new Page(
          page.items().stream().map(Parked::of).toList(),
          page.next().map(HistoryPosition::cursor).orElse(null));
    }
  }
}
