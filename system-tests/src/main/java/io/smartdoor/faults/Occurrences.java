package io.smartdoor.faults;

import io.smartdoor.faults.Times.Always;
import io.smartdoor.faults.Times.First;
import io.smartdoor.faults.Times.Nth;
import io.smartdoor.faults.Times.Sometimes;
import java.util.Random;

/** Counts the calls that match a rule. Safe for use by several threads. */
final class Occurrences {

  private final Times times;
  private final Random random;
  private int seen;

  Occurrences(Times times) {
    this.times = times;
    this.random = new Random(times instanceof Sometimes(var _, var seed) ? seed : 0);
  }

  /** Counts one more, and says whether it is one to strike. */
  synchronized boolean next() {
    seen++;
    return switch (times) {
      case Nth(var n) -> seen == n;
      case First(var n) -> seen <= n;
      case Always() -> true;
      case Sometimes(var probability, _) -> random.nextDouble() < probability;
    };
  }

  synchronized int seen() {
    return seen;
  }
}
