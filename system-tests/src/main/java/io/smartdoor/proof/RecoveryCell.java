package io.smartdoor.proof;

import io.smartdoor.events.IdempotencyKey;
import io.smartdoor.faults.CallName;

/** A second crash, at a call that is made because something went wrong before. */
record RecoveryCell(Recovery recovery, CallName call, Crash crash) implements Cell {

  @Override
  public String service() {
    return call.caller();
  }

  @Override
  public String place() {
    return "%s; %s".formatted(recovery, call);
  }

  @Override
  public String moment() {
    return crash.toString();
  }

  @Override
  public boolean strike(Stage stage, IdempotencyKey key) throws Exception {
    stage.fleet().await(call.caller(), 2);
    var message = recovery.prepare(stage, key);
    // Before the crash: that counts only the calls that what went wrong has let pass.
    try (var trigger = recovery.arm(stage);
        var fault = CrashFault.arm(stage, call, crash)) {
      recovery.begin(stage, key, message);
      stage.settle(Stage.LIMIT);
      return fault.passed() && trigger.struck();
    }
  }
}
