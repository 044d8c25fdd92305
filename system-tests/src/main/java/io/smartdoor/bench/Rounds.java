package io.smartdoor.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BinaryOperator;
import java.util.function.Consumer;

/**
 * Measures two in turns: each round both, several times, and every other time in the other order,
 * so that whatever drifts meets both alike. A first turn warms up and is not counted.
 */
final class Rounds {

  private Rounds() {}

  /** What each measured in a round. */
  record Pair<T>(T subject, T floor) {

    private Pair<T> and(Pair<T> next, BinaryOperator<T> both) {
      return new Pair<>(both.apply(subject, next.subject), both.apply(floor, next.floor));
    }
  }

  /** One measurement. */
  @FunctionalInterface
  interface Measurement<T> {
    T run() throws InterruptedException;
  }

  /**
   * How a round is made up.
   *
   * @param count how many in a round; 1 or more. What takes no longer than a second or two is
   *     measured several times: else a round shows more of the machine than of what is measured
   * @param both what two of a round come to
   */
  record Turns<T>(int count, BinaryOperator<T> both) {}

  /**
   * @param told of each round as soon as it is over
   */
  static <T> List<Pair<T>> of(
      int rounds,
      Turns<T> turns,
      Measurement<T> subject,
      Measurement<T> floor,
      Consumer<Pair<T>> told)
      throws InterruptedException {
    subject.run();
    floor.run();
    var pairs = new ArrayList<Pair<T>>();
    for (var i = 0; i < rounds; i++) {
      var turn = i * turns.count();
      var pair = turn(turn, subject, floor);
      for (var more = 1; more < turns.count(); more++) {
        pair = pair.and(turn(turn + more, subject, floor), turns.both());
      }
      pairs.add(pair);
      told.accept(pair);
    }
    return pairs;
  }

  private static <T> Pair<T> turn(int number, Measurement<T> subject, Measurement<T> floor)
      throws InterruptedException {
    return number % 2 == 0 ? inOrder(subject, floor) : inReverse(subject, floor);
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
