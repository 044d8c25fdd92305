package io.smartdoor.proof;

import io.smartdoor.events.IdempotencyKey;
import io.smartdoor.faults.CallName;
import java.util.List;

/**
 * One call of the matrix and what happens to the process that makes it.
 *
 * @param doorRetries whether a door without an answer asks again
 */
record CrashCell(CallName call, Crash crash, boolean doorRetries) implements Cell {

  @Override
  public String service() {
    return call.caller();
  }

  @Override
  public String place() {
    return call.toString();
  }

  @Override
  public String moment() {
    return doorRetries ? crash.toString() : crash + ", door gives up";
  }

  @Override
  public boolean strike(Stage stage, IdempotencyKey key) throws Exception {
    stage.fleet().await(call.caller(), 2);
    try (var fault = CrashFault.arm(stage, call, crash)) {
      if (doorRetries) {
        stage.report(key, Opening.BY_A_RESIDENT);
      } else {
        stage.reportOnce(key, Opening.BY_A_RESIDENT);
      }
      stage.settle(Stage.LIMIT);
      return fault.passed();
    }
  }

  /** A door that had no answer may as well have no power left to ask again. */
  @Override
  public List<Cell> variants(Stage stage, IdempotencyKey key) {
    return doorRetries && crash != Crash.PAUSED && !stage.wasAnswered(key)
        ? List.of(new CrashCell(call, crash, false))
        : List.of();
  }
}
