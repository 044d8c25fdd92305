package io.smartdoor.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smartdoor.faults.AwsOperation;
import io.smartdoor.faults.CallName;
import io.smartdoor.proof.ProveCrashes.NothingChosenException;
import io.smartdoor.proof.ProveCrashes.Options;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class MatrixTest {

  @Test
  void hasACellForEveryCrashAtEveryCallThatWasLearnt() {
    var publishing = call("lock", AwsOperation.PUT_EVENTS, 1);
    var another = call("identification", AwsOperation.PUT_EVENTS, 2);

    assertThat(Matrix.cells(new Course(List.of(publishing, another), Set.of())))
        .extracting(Cell::name)
        .containsExactly(
            "lock: EventBridge PutEvents smartdoor #1, killed before",
            "lock: EventBridge PutEvents smartdoor #1, killed after",
            "lock: EventBridge PutEvents smartdoor #1, paused",
            "identification: EventBridge PutEvents smartdoor #2, killed before",
            "identification: EventBridge PutEvents smartdoor #2, killed after",
            "identification: EventBridge PutEvents smartdoor #2, paused",
            "door: POST /v1/doors/{id}/events, connection lost after the 202");
  }

  @Test
  void choosesACellByWhatMayFollowFromIt() {
    var course =
        new Course(
            List.of(
                call("lock", AwsOperation.PUT_EVENTS, 1),
                call("identification", AwsOperation.PUT_EVENTS, 1)),
            Set.of());

    assertThat(Matrix.cells(course))
        .filteredOn(cell -> Matrix.isChosen(cell, it -> it.contains("gives up")))
        .extracting(Cell::name)
        .containsExactly(
            "lock: EventBridge PutEvents smartdoor #1, killed before",
            "lock: EventBridge PutEvents smartdoor #1, killed after");
  }

  @Test
  void saysThatNothingIsCalledSo() throws Exception {
    var cells =
        Matrix.cells(new Course(List.of(call("lock", AwsOperation.PUT_EVENTS, 1)), Set.of()));

    for (var chosen : List.of("putevents", "gives up", "broken: nothing ever found")) {
      only(chosen).requireAny(cells);
    }
    Options.of(List.of("lock=lock.jar")).requireAny(cells);
    assertThatThrownBy(() -> only("nosuchcell").requireAny(cells))
        .isInstanceOf(NothingChosenException.class)
        .hasMessageStartingWith(
            "expected part of the name of a cell or of a broken build, found \"nosuchcell\":");
  }

  private static Options only(String text) {
    return Options.of(List.of("--only", text));
  }

  @Test
  void turnsToAnotherServiceWhereItCan() {
    var course =
        new Course(
            List.of(
                call("lock", AwsOperation.PUT_EVENTS, 1),
                call("identification", AwsOperation.PUT_EVENTS, 1)),
            Set.of());

    assertThat(Matrix.spread(Matrix.cells(course)))
        .extracting(Cell::service)
        .containsExactly(
            "lock", "identification", "lock", "identification", "lock", "identification", "lock");
  }

  private static CallName call(String caller, AwsOperation operation, int ordinal) {
    return new CallName(caller, operation, "smartdoor", Optional.empty(), ordinal);
  }
}
