package io.smartdoor.proof;

import static org.assertj.core.api.Assertions.assertThat;

import io.smartdoor.faults.AwsOperation;
import io.smartdoor.faults.AwsService;
import io.smartdoor.faults.CallName;
import io.smartdoor.faults.Caller;
import io.smartdoor.faults.RecordedCall;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class RecoveryTest {

  private static final AwsOperation UPDATE = new AwsOperation(AwsService.DYNAMODB, "UpdateItem");
  private static final AwsOperation DELETE = new AwsOperation(AwsService.SQS, "DeleteMessage");

  private static final Map<CallName, Integer> PLAIN =
      Map.of(
          name(AwsOperation.PUT_EVENTS, 1), 1,
          name(UPDATE, 1), 1,
          name(DELETE, 1), 1);

  /** What a fault has answered never was a call of AWS's, and cannot be crashed at. */
  @Test
  void countsTheCallsThatReachedAwsAfterSomethingWentWrong() {
    var own =
        List.of(
            call(AwsOperation.PUT_EVENTS, false, "FailEntries"),
            call(UPDATE, true),
            call(UPDATE, true),
            call(AwsOperation.PUT_EVENTS, true));

    assertThat(Recovery.beyond(own, PLAIN, true))
        .containsExactly(name(UPDATE, 1), name(UPDATE, 2), name(AwsOperation.PUT_EVENTS, 1));
  }

  @Test
  void leavesOutWhatIsMadeAsOftenWhereNothingGoesWrong() {
    var own =
        List.of(
            call(AwsOperation.PUT_EVENTS, false, "FailEntries"),
            call(AwsOperation.PUT_EVENTS, true),
            call(DELETE, true));

    assertThat(Recovery.beyond(own, PLAIN, true)).containsExactly(name(AwsOperation.PUT_EVENTS, 1));
  }

  @Test
  void leavesOutWhatCameBeforeButCountsIt() {
    var own = List.of(call(UPDATE, true), call(UPDATE, true, "RunAfter"), call(UPDATE, true));

    assertThat(Recovery.beyond(own, PLAIN, true)).containsExactly(name(UPDATE, 3));
  }

  @Test
  void takesEverythingWhereNoFaultIsNeeded() {
    var own = List.of(call(AwsOperation.RECEIVE_MESSAGE, true), call(DELETE, true));

    assertThat(Recovery.beyond(own, Map.of(), false))
        .containsExactly(name(AwsOperation.RECEIVE_MESSAGE, 1), name(DELETE, 1));
  }

  @Test
  void givesEachOfThemEveryCrash() {
    var cells = Matrix.cells(Recovery.NOT_DECODABLE, List.of(name(DELETE, 1)));

    assertThat(cells)
        .extracting(Cell::name)
        .containsExactly(
            "a message cannot be decoded; lock: SQS DeleteMessage smartdoor #1, killed before",
            "a message cannot be decoded; lock: SQS DeleteMessage smartdoor #1, killed after",
            "a message cannot be decoded; lock: SQS DeleteMessage smartdoor #1, paused");
  }

  @Test
  void doesNotKillAPollThatIsAsGoodAsAnyOther() {
    var cells =
        Matrix.cells(Recovery.NOT_DECODABLE, List.of(name(AwsOperation.RECEIVE_MESSAGE, 1)));

    assertThat(cells).extracting(Cell::moment).containsExactly("killed after", "paused");
  }

  private static CallName name(AwsOperation operation, int ordinal) {
    return new CallName(Fleet.LOCK, operation, "smartdoor", Optional.empty(), ordinal);
  }

  private static RecordedCall call(AwsOperation operation, boolean reachedAws, String... faults) {
    return new RecordedCall(
        1,
        1,
        Caller.of(Fleet.LOCK),
        operation,
        "smartdoor",
        Optional.empty(),
        OptionalInt.of(200),
        reachedAws ? OptionalInt.of(200) : OptionalInt.empty(),
        false,
        List.of(faults),
        Instant.EPOCH,
        Instant.EPOCH);
  }
}
