package io.smartdoor.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.smartdoor.bench.Growth.Size;
import java.util.List;
import org.junit.jupiter.api.Test;

class GrowthTest {

  private static final Size FIRST = size(10, 100, 12);

  @Test
  void isFlatWithinATenth() {
    assertThat(growth(size(1000, 91, 13.1)).isFlat()).isTrue();
  }

  @Test
  void isNotFlatWhereTheRateFalls() {
    assertThat(growth(size(1000, 89, 12)).isFlat()).isFalse();
  }

  @Test
  void isNotFlatWhereTheRequestsGrow() {
    assertThat(growth(size(1000, 100, 13.3)).isFlat()).isFalse();
  }

  @Test
  void allowsForTwiceWhatTheFirstRoundsDifferInTheMedian() {
    var noisy = new Size(10, List.of(80.0, 100.0, 110.0), List.of(12.0, 12.0, 12.0));

    assertThat(Growth.noise(noisy.perSecond())).isEqualTo(0.2);
    assertThat(new Growth(List.of(noisy, size(1000, 81, 12))).isFlat()).isTrue();
    assertThat(new Growth(List.of(noisy, size(1000, 79, 12))).isFlat()).isFalse();
  }

  @Test
  void isNotExcusedByOneSlowRound() {
    assertThat(Growth.noise(List.of(50.0, 99.0, 100.0, 101.0, 102.0))).isEqualTo(0.1);
  }

  @Test
  void isNotExcusedByRoundsThatHaveNothingInCommon() {
    assertThat(Growth.noise(List.of(40.0, 70.0, 100.0, 130.0, 160.0))).isEqualTo(0.25);
  }

  @Test
  void refusesASingleSize() {
    assertThatIllegalArgumentException().isThrownBy(() -> new Growth(List.of(FIRST)));
  }

  private static Growth growth(Size later) {
    return new Growth(List.of(FIRST, later));
  }

  private static Size size(int doors, double rate, double requests) {
    return new Size(doors, List.of(rate), List.of(requests));
  }
}
