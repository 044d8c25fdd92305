package io.smartdoor.lock.snapshot;

import io.smartdoor.events.DoorId;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.media.Schema.AdditionalPropertiesValue;
import io.swagger.v3.oas.annotations.media.Schema.RequiredMode;

/** What a door is answered; follows from what it sent alone. */
@Schema(additionalProperties = AdditionalPropertiesValue.FALSE)
record SnapshotReceipt(
    @Schema(
            requiredMode = RequiredMode.REQUIRED,
            format = "uuid",
            description = "By which the door's events name it.")
        String snapshot,
    @Schema(requiredMode = RequiredMode.REQUIRED, pattern = "^" + DoorId.FORM + "$") String door,
    @Schema(
            requiredMode = RequiredMode.REQUIRED,
            minimum = "1",
            description = "In pixels, upright.")
        int width,
    @Schema(requiredMode = RequiredMode.REQUIRED, minimum = "1") int height) {

  static SnapshotReceipt of(Snapshot snapshot) {
    return new SnapshotReceipt(
        snapshot.id().toString(),
        snapshot.door().value(),
        snapshot.picture().width(),
        snapshot.picture().height());
  }
}
