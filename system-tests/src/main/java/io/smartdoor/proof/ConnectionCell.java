package io.smartdoor.proof;

import io.smartdoor.events.IdempotencyKey;
import io.smartdoor.faults.Caller;
import io.smartdoor.faults.Fault.RunAfter;
import io.smartdoor.faults.FaultProxy;
import io.smartdoor.faults.Match;
import io.smartdoor.faults.Then;
import io.smartdoor.faults.Times;
import java.util.List;

/**
 * The door's own connection is lost when its 202 was written: it asks again under the same key, and
 * has to get the answer that it never saw.
 */
record ConnectionCell() implements Cell {

  private static final Opening OPENING = Opening.BY_A_RESIDENT;

  @Override
  public String service() {
    return Fleet.LOCK;
  }

  @Override
  public String place() {
    return "door: POST /v1/doors/{id}/events";
  }

  @Override
  public String moment() {
    return "connection lost after the 202";
  }

  @Override
  public boolean strike(Stage stage, IdempotencyKey key) throws Exception {
    stage.fleet().await(Fleet.LOCK, 1);
    var instance = stage.fleet().addressesOf(Fleet.LOCK).getFirst();
    try (var between = FaultProxy.to(instance)) {
      var cut =
          between.inject(
              new RunAfter(
                  (_, answer) -> stage.answerWasWritten(key, OPENING, answer.text()), Then.CUT),
              Match.everyCall().answered("with 202", it -> it.status() == 202),
              Times.once());
      var address = between.endpointFor(Caller.of("door"));
      stage
          .household()
          .door()
          .report(key, OPENING, stage.now(), () -> List.of(address), 0, Stage.LIMIT);
      stage.settle(Stage.LIMIT);
      return cut.fired() == 1;
    }
  }
}
