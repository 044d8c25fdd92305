package io.smartdoor.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Measures two in turns: each round both, and the next round in the other order, so that whatever
 * drifts meets both alike. A first round warms up and is not counted.
 */
final class Rounds {

  private Rounds() {}

  /** What each measured in a round. */
  record Pair<T>(T subject, T floor) {}

  /** One measurement. */
  @FunctionalInterface
  interface Measurement<T> {
    T run() throws InterruptedException;
  }

  /**
   * @param told of each round as soon as it is over
   */
  static <T> List<Pair<T>> of(
      int rounds, Measurement<T> subject, Measurement<T> floor, Consumer<Pair<T>> told)
      throws InterruptedException {
    subject.run();
    floor.run();
    var pairs = new ArrayList<Pair<T>>();
    for (var i = 0; i < rounds; i++) {
      pairs.add(i % 2 == 0 ? inOrder(subject, floor) : inReverse(subject, floor));
      told.accept(pairs.getLast());
    }
    return pairs;
  }

  private static <T> Pair<T> inOrder(Measurement<T> subject, Measurement<T> floor)
      throws InterruptedException {
    var first = subject.run();
    return new Pair<>(first, floor.run());
  }

  private static <T> Pair<T> inReverse(Measurement<T> subject, Measurement<T> floor)
      throws InterruptedException {
    var first = floor.run();
    return new Pair<>(subject.run(), first);
  }
}
