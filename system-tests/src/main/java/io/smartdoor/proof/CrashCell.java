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

  /** Only the lock service answers a door. */
  @Override
  public List<String> variantNames() {
    return hasVariant() && service().equals(Fleet.LOCK)
        ? List.of(withoutRetry().name())
        : List.of();
  }

  /** A door that had no answer may as well have no power left to ask again. */
  @Override
  public List<Cell> variants(Stage stage, IdempotencyKey key) {
    return hasVariant() && !stage.wasAnswered(key) ? List.of(withoutRetry()) : List.of();
  }

  private boolean hasVariant() {
    return doorRetries && crash != Crash.PAUSED;
  }

  private CrashCell withoutRetry() {
    return new CrashCell(call, crash, false);
  }
}
