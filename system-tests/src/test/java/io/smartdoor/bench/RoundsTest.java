package io.smartdoor.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.smartdoor.bench.Rounds.Pair;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RoundsTest {

  @Test
  void takesTurnsAfterAFirstRoundThatIsNotCounted() throws InterruptedException {
    var order = new ArrayList<String>();

    var told = new ArrayList<Pair<String>>();

    var pairs = Rounds.of(2, () -> next(order, "subject"), () -> next(order, "floor"), told::add);

    assertThat(order).containsExactly("subject", "floor", "subject", "floor", "floor", "subject");
    assertThat(pairs)
        .containsExactly(new Pair<>("subject 3", "floor 4"), new Pair<>("subject 6", "floor 5"))
        .isEqualTo(told);
  }

  private static String next(List<String> order, String who) {
    order.add(who);
    return who + " " + order.size();
  }
}
