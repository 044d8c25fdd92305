package io.smartdoor.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.smartdoor.bench.Figure.Round;
import io.smartdoor.bench.Figure.Target;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class FigureTest {

  @Test
  void ratioIsTheMedianOfTheRoundsRatiosSoThatASlowerMachineDoesNotCount() {
    var figure = figure(Target.atLeast(0.9), new Round(95, 100), new Round(9, 10), new Round(1, 4));

    assertThat(figure.ratio()).isEqualTo(0.9);
    assertThat(figure.leastRatio()).isEqualTo(0.25);
    assertThat(figure.mostRatio()).isEqualTo(0.95);
    assertThat(figure.isReached()).isTrue();
  }

  @Test
  void missesItsTargetOnTheOtherSideOfIt() {
    assertThat(figure(Target.atLeast(0.9), new Round(89, 100)).isReached()).isFalse();
    assertThat(figure(Target.atMost(1.5), new Round(151, 100)).isReached()).isFalse();
    assertThat(figure(Target.atMost(1.5), new Round(150, 100)).isReached()).isTrue();
  }

  @Test
  void isMissedInEveryRoundWhereNoneReachesIt() {
    var target = Target.atLeast(0.9);
    var missed = new Round(80, 100);

    assertThat(figure(target, missed, missed, new Round(90, 100)).isMissedInEveryRound()).isFalse();
    assertThat(figure(target, missed, missed).isMissedInEveryRound()).isTrue();
  }

  @Test
  void refusesWhatCannotBeCompared() {
    assertThatIllegalArgumentException().isThrownBy(() -> new Round(1, 0));
    assertThatIllegalArgumentException().isThrownBy(() -> new Round(Double.NaN, 1));
    assertThatIllegalArgumentException().isThrownBy(() -> figure(Target.atLeast(1)));
  }

  private static Figure figure(Target target, Round... rounds) {
    return new Figure("rate", "a rate", "/s", target, Stream.of(rounds).toList());
  }

  @Test
  void saysItsTarget() {
    assertThat(List.of(Target.atLeast(0.9), Target.atMost(1.15)))
        .extracting(Target::toString)
        .containsExactly("≥ 0.90", "≤ 1.15");
  }
}
