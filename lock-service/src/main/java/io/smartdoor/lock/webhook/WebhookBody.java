package io.smartdoor.lock.webhook;

import io.smartdoor.events.DoorId;
import io.smartdoor.events.UserReference;
import io.smartdoor.lock.door.DoorStates;
import io.swagger.v3.oas.annotations.media.ArraySchema;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.media.Schema.AdditionalPropertiesValue;
import io.swagger.v3.oas.annotations.media.Schema.RequiredMode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a door sends, field by field as it wrote them. */
@Schema(name = "DoorReport", additionalProperties = AdditionalPropertiesValue.FALSE)
record WebhookBody(
    @Schema(requiredMode = RequiredMode.REQUIRED, ref = DoorStates.REF) @Nullable String state,
    @Schema(
            format = "date-time",
            description =
                "When it happened, at most five minutes ahead of the service's clock; now, if absent.")
        @Nullable String occurredAt,
    @Nullable User user,
    @Schema(
            description = "How the lock was operated.",
            allowableValues = {
              "unspecified",
              "manual",
              "proprietary-remote",
              "keypad",
              "auto",
              "button",
              "schedule",
              "remote",
              "rfid",
              "biometric"
            })
        @Nullable String operationSource,
    @ArraySchema(
            maxItems = DoorReport.MOST_SNAPSHOTS,
            arraySchema =
                @Schema(
                    description =
                        "Pictures of it, by their UUIDs, sent before or after this"
                            + " (`PUT /v1/doors/{id}/snapshots/{snapshot}`). With so many, and long"
                            + " names, the event may become too large: 422."),
            schema = @Schema(format = "uuid", pattern = "^" + SnapshotId.FORM + "$"))
        @Nullable List<@Nullable String> snapshots) {

  @Schema(
      name = "ReportedUser",
      description = "Whom the lock recognised, by reference.",
      additionalProperties = AdditionalPropertiesValue.FALSE)
  record User(
      @Schema(
              requiredMode = RequiredMode.REQUIRED,
              pattern = "^" + UserReference.ID_FORM + "$",
              example = "anna")
          @Nullable String id,
      @Schema(
              requiredMode = RequiredMode.REQUIRED,
              pattern = "^" + DoorId.FORM + "$",
              description = "`residents`, or a credential store.",
              example = "residents")
          @Nullable String store) {}
}
