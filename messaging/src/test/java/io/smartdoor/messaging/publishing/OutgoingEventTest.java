package io.smartdoor.messaging.publishing;

import static org.assertj.core.api.Assertions.assertThat;

import io.smartdoor.events.DoorState;
import io.smartdoor.events.DoorStatus;
import io.smartdoor.events.EventCodec;
import io.smartdoor.events.EventMetadata;
import io.smartdoor.events.IdempotencyKey;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class OutgoingEventTest {

  private static final Instant HAPPENED = Instant.parse("2026-01-31T12:00:00Z");

  @Test
  void isTheEventAsItGoesOntoTheBus() {
    var codec = new EventCodec();
    var key = new IdempotencyKey(UUID.randomUUID());
    var event =
        new DoorStatus(
            EventMetadata.first(key, HAPPENED, HAPPENED.plusSeconds(1)),
            DoorState.OPEN,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            List.of());

    var outgoing = OutgoingEvent.of(event, codec, HAPPENED.plusSeconds(9));

    assertThat(outgoing)
        .isEqualTo(new OutgoingEvent("Door Status", codec.detail(event), List.of(), HAPPENED));
  }
}
