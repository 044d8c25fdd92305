package io.smartdoor.proof;

import io.smartdoor.faults.CallName;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The calls that services make while one opening passes through everything, learnt by watching.
 *
 * @param calls those that were made every time, in their order
 * @param sometimes those that were not: two events of one chain may meet
 */
record Course(List<CallName> calls, Set<CallName> sometimes) {

  private static final int RUNS = 8;

  static Course learn(Stage stage) throws InterruptedException {
    var calls = new LinkedHashSet<CallName>();
    var all = new LinkedHashSet<CallName>();
    for (var run = 0; run < RUNS; run++) {
      stage.proxy().calls().clear();
      stage.report(stage.newKey(), Opening.BY_A_RESIDENT);
      var unrest = stage.settle(Stage.LIMIT);
      if (unrest.isPresent()) {
        throw new IllegalStateException("nothing was disturbed, and yet " + unrest.get());
      }
      var made = stage.proxy().calls().names();
      if (run == 0) {
        calls.addAll(made);
      } else {
        calls.retainAll(Set.copyOf(made));
      }
      all.addAll(made);
    }
    if (calls.isEmpty()) {
      throw new IllegalStateException("no service made a call every time, but some made " + all);
    }
    all.removeAll(calls);
    return new Course(List.copyOf(calls), Set.copyOf(all));
  }

  /** The first call of this kind. */
  CallName first(Predicate<CallName> kind) {
    return calls.stream()
        .filter(kind)
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("no such call among " + calls));
  }
}
