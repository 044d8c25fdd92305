package io.smartdoor.proof;

import static java.util.Comparator.comparing;
import static java.util.Comparator.comparingInt;
import static java.util.stream.Collectors.groupingBy;

import io.smartdoor.faults.AwsOperation;
import io.smartdoor.faults.CallName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.function.Predicate;

/** Every crash at every call. */
final class Matrix {

  /** Two events of one chain may meet, and a call that is mostly made is not made this time. */
  private static final int TRIES = 10;

  /** Cells between one and a variant of it: time to replace what was killed. */
  private static final int VARIANT_DISTANCE = 2;

  private final Stage stage;
  private final Console console;

  Matrix(Stage stage, Console console) {
    this.stage = stage;
    this.console = console;
  }

  /** The cells that follow from what was learnt. */
  static List<Cell> cells(Course course) {
    var cells = new ArrayList<Cell>();
    for (var call : course.calls()) {
      Arrays.stream(Crash.values()).forEach(it -> cells.add(new CrashCell(call, it, true)));
    }
    cells.add(new ConnectionCell());
    return cells;
  }

  /** Those of a recovery, by the calls that only it makes. */
  static List<Cell> cells(Recovery recovery, List<CallName> calls) {
    return calls.stream()
        .flatMap(call ->
            Arrays.stream(Crash.values())
                // A poll does not know what it will bring: this one is in the matrix already.
                .filter(it ->
                    it != Crash.KILLED_BEFORE
                        || !call.operation().equals(AwsOperation.RECEIVE_MESSAGE))
                .<Cell>map(it -> new RecoveryCell(recovery, call, it)))
        .toList();
  }

  /**
   * Runs those whose names are chosen, or those of their variants, and adds a verdict for each: a
   * variant follows from what happened before.
   */
  void run(List<Cell> cells, Predicate<String> chosen, List<Verdict> verdicts) throws Exception {
    var left = new ArrayList<>(spread(cells.stream().filter(it -> isChosen(it, chosen)).toList()));
    try {
      while (!left.isEmpty()) {
        var verdict = run(left.removeFirst(), left);
        verdicts.add(verdict);
        tell(verdict, verdicts.size(), left.size());
      }
    } finally {
      var places = cells.stream().map(Cell::place).toList();
      verdicts.sort(comparingInt(it -> places.indexOf(it.place())));
    }
  }

  static boolean isChosen(Cell cell, Predicate<String> chosen) {
    return chosen.test(cell.name()) || cell.variantNames().stream().anyMatch(chosen);
  }

  /**
   * Each service's cells as far from each other as can be: while one that was killed is replaced,
   * it is another service's turn.
   */
  static List<Cell> spread(List<Cell> cells) {
    var positions = new HashMap<Cell, Double>();
    cells.stream()
        .collect(groupingBy(Cell::service))
        .values()
        .forEach(own -> {
          for (var i = 0; i < own.size(); i++) {
            positions.put(own.get(i), (i + 0.5) / own.size());
          }
        });
    return cells.stream().sorted(comparing(positions::get)).toList();
  }

  private Verdict run(Cell cell, List<Cell> left) throws Exception {
    var began = System.nanoTime();
    var fired = false;
    var violations = new ArrayList<Violation>();
    for (var attempt = 0; attempt < TRIES && !fired && violations.isEmpty(); attempt++) {
      var key = stage.newKey();
      fired = cell.strike(stage, key);
      violations.addAll(stage.newViolations());
      if (fired) {
        left.addAll(Math.min(VARIANT_DISTANCE, left.size()), cell.variants(stage, key));
      }
    }
    var took = Duration.ofNanos(System.nanoTime() - began);
    return new Verdict(cell.place(), cell.moment(), fired, violations, took);
  }

  private void tell(Verdict verdict, int done, int left) {
    console.say(
        "%3d/%d  %s, %s: %s (%.1f s)"
            .formatted(
                done,
                done + left,
                verdict.place(),
                verdict.moment(),
                verdict.text(),
                verdict.took().toMillis() / 1000.0));
  }
}
