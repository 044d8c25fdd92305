package io.smartdoor.messaging.consuming;

import static io.smartdoor.messaging.consuming.Openings.aKey;
import static io.smartdoor.messaging.consuming.Openings.opening;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.smartdoor.events.EventCodec;
import io.smartdoor.messaging.idempotency.EventKey;
import org.junit.jupiter.api.Test;

class EventDecoderTest {

  @Test
  void namesAnEventByItsDetailTypeAndKey() {
    var decoder = EventDecoder.ofSmartDoorEvents(new EventCodec());
    var key = aKey();

    assertThat(decoder.decode(opening(key)).key()).isEqualTo(new EventKey("Door Status", key));
    assertThatExceptionOfType(UndecodableMessageException.class)
        .isThrownBy(() -> decoder.decode("no event"));
  }
}
