package io.smartdoor.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import io.smartdoor.bench.Calls.Line;
import java.util.List;
import org.junit.jupiter.api.Test;

class CallsTest {

  @Test
  void whatNobodyNeedsIsCountedAllTheSame() {
    var lines = List.of(new Line("lock: PutItem", 1, 1), new Line("lock: Query", 0.5, 0));

    assertThat(Calls.sum(lines)).isEqualTo(1.5);
  }

  @Test
  void whatWasMissingInARoundCountsAsNone() {
    var query = List.of(new Line("lock: Query", 0.4, 0), new Line("lock: PutItem", 1, 1));
    var none = List.of(new Line("lock: PutItem", 3, 1));

    assertThat(Calls.medians(List.of(query, none)))
        .containsExactly(new Line("lock: Query", 0.2, 0), new Line("lock: PutItem", 2, 1));
  }

  @Test
  void anEventIsWrittenOnceAndTakenByTens() {
    assertThat(Calls.neededInAll()).isCloseTo(11.7, offset(1e-9));
  }
}
