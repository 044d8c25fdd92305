package io.smartdoor.lock.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smartdoor.lock.TestTicker;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class InHandTest {

  private final TestTicker time = new TestTicker();
  private final InHand inHand = new InHand(2, Duration.ofSeconds(10), time);

  @Test
  void worksOnSoManyAndOnNoMore() {
    var third =
        inHand.work(() -> {
          assertThat(inHand.isFull()).isFalse();
          return inHand
              .work(() -> {
                assertThat(inHand.isFull()).isTrue();
                return inHand.work(() -> "third").orElse("no room");
              })
              .orElseThrow();
        });

    assertThat(third).hasValue("no room");
    assertThat(inHand.work(() -> "next")).hasValue("next");
  }

  @Test
  void thereIsRoomAgainAfterAFailure() {
    for (var i = 0; i < 3; i++) {
      assertThatThrownBy(() ->
              inHand.work(() -> {
                throw new IllegalStateException("of a test");
              }))
          .hasMessage("of a test");
    }
    assertThat(inHand.work(() -> "next")).hasValue("next");
  }

  @Test
  void isPatientForSoLong() {
    var since = inHand.now();
    time.advance(Duration.ofSeconds(10));
    assertThat(inHand.isLate(since)).isFalse();

    time.advance(Duration.ofNanos(1));

    assertThat(inHand.isLate(since)).isTrue();
  }
}
