package io.smartdoor.lock.webhook;

import io.smartdoor.events.DoorId;
import io.smartdoor.lock.outbox.Receipt;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.media.Schema.AdditionalPropertiesValue;
import io.swagger.v3.oas.annotations.media.Schema.RequiredMode;
import java.time.Instant;

/** What a door is answered. */
@Schema(name = "Receipt", additionalProperties = AdditionalPropertiesValue.FALSE)
record WebhookReceipt(
    @Schema(
            requiredMode = RequiredMode.REQUIRED,
            format = "uuid",
            description = "Under which the event is published.")
        String idempotencyKey,
    @Schema(requiredMode = RequiredMode.REQUIRED, pattern = "^" + DoorId.FORM + "$") String door,
    @Schema(requiredMode = RequiredMode.REQUIRED) Instant acceptedAt) {

  static WebhookReceipt of(Receipt receipt) {
    return new WebhookReceipt(
        receipt.key().toString(), receipt.door().value(), receipt.acceptedAt());
  }
}
