package io.smartdoor.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.smartdoor.bench.Rounds.Pair;
import io.smartdoor.bench.Rounds.Turns;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RoundsTest {

  @Test
  void takesTurnsAfterAFirstRoundThatIsNotCounted() throws InterruptedException {
    var order = new ArrayList<String>();

    var told = new ArrayList<Pair<String>>();

    var pairs =
        Rounds.of(
            2,
            new Turns<>(1, String::concat),
            () -> next(order, "subject"),
            () -> next(order, "floor"),
            told::add);

    assertThat(order).containsExactly("subject", "floor", "subject", "floor", "floor", "subject");
    assertThat(pairs)
        .containsExactly(new Pair<>("subject 3", "floor 4"), new Pair<>("subject 6", "floor 5"))
        .isEqualTo(told);
  }

  @Test
  void measuresSeveralTimesARoundAndAddsThat() throws InterruptedException {
    var order = new ArrayList<String>();

    var pairs =
        Rounds.of(
            2,
            new Turns<>(3, (one, other) -> one + ", " + other),
            () -> next(order, "subject"),
            () -> next(order, "floor"),
            _ -> {});

    assertThat(pairs)
        .containsExactly(
            new Pair<>("subject 3, subject 6, subject 7", "floor 4, floor 5, floor 8"),
            new Pair<>("subject 10, subject 11, subject 14", "floor 9, floor 12, floor 13"));
  }

  private static String next(List<String> order, String who) {
    order.add(who);
    return who + " " + order.size();
  }
}
