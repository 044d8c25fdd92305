package io.smartdoor.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class StatisticsTest {

  private static final List<Double> HUNDRED =
      IntStream.rangeClosed(1, 100).mapToObj(i -> (double) (101 - i)).toList();

  @Test
  void medianIsTheMiddleOneOrTheMeanOfTheTwoInTheMiddle() {
    assertThat(Statistics.median(List.of(3.0, 1.0, 2.0))).isEqualTo(2);
    assertThat(Statistics.median(List.of(4.0, 1.0, 2.0, 3.0))).isEqualTo(2.5);
  }

  @Test
  void percentileIsAValueThatWasMeasured() {
    assertThat(Statistics.percentile(HUNDRED, 50)).isEqualTo(50);
    assertThat(Statistics.percentile(HUNDRED, 99)).isEqualTo(99);
    assertThat(Statistics.percentile(HUNDRED, 100)).isEqualTo(100);
    assertThat(Statistics.percentile(List.of(7.0), 1)).isEqualTo(7);
  }

  @Test
  void refusesWhatIsNoPercentageAndWhatIsNoMeasurement() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Statistics.percentile(HUNDRED, 0))
        .withMessage("expected more than 0 and at most 100 percent, found 0.0");
    assertThatIllegalArgumentException().isThrownBy(() -> Statistics.percentile(HUNDRED, 101));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Statistics.median(List.of()))
        .withMessage("expected values, found none");
  }
}
