package io.smartdoor.lock.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.smartdoor.events.IdempotencyKey;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HistoryPositionTest {

  private static final HistoryPosition POSITION =
      new HistoryPosition(
          Instant.parse("2026-01-31T12:00:00Z"),
          IdempotencyKey.of("6a5c14d7-f1ed-4e5e-9c76-44a3f718ed96"));

  @Test
  void findsBackByItsCursor() {
    assertThat(HistoryPosition.ofCursor(POSITION.cursor())).isEqualTo(POSITION);
    assertThat(POSITION.cursor()).matches("[A-Za-z0-9_-]{1,128}");
  }

  @Test
  void sortsAsTimesDoWhateverTheirFractions() {
    var later = new HistoryPosition(POSITION.occurredAt().plusMillis(1), POSITION.key());

    assertThat(POSITION.sortKey()).isLessThan(later.sortKey());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "#",
        "2026-01-31T12:00:00.000Z",
        "2026-01-31T12:00:00.000Z#",
        "2026-01-31T12:00:00.000Z#x",
        "2026-01-31T12:00:00Z#6a5c14d7-f1ed-4e5e-9c76-44a3f718ed96",
        "2026-01-31T12:00:00.000Z#6A5C14D7-f1ed-4e5e-9c76-44a3f718ed96",
        "+1000000000-12-31T23:59:59.999Z#6a5c14d7-f1ed-4e5e-9c76-44a3f718ed96"
      })
  void refusesWhatNoListNamed(String text) {
    var cursor =
        Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString(text.getBytes(StandardCharsets.US_ASCII));

    assertThatIllegalArgumentException().isThrownBy(() -> HistoryPosition.ofCursor(cursor));
    assertThatIllegalArgumentException().isThrownBy(() -> HistoryPosition.ofCursor(text));
  }
}
