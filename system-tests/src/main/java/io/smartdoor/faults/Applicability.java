package io.smartdoor.faults;

import io.smartdoor.faults.Fault.AnswerQueryEmpty;
import io.smartdoor.faults.Fault.DeleteOnReceive;
import io.smartdoor.faults.Fault.DuplicateDelivery;
import io.smartdoor.faults.Fault.FailEntries;
import io.smartdoor.faults.Fault.StripCondition;

/** Whether a fault can do anything to a call: one that cannot must not count as having struck. */
final class Applicability {

  private Applicability() {}

  static boolean of(Fault fault, AwsCall call) {
    return switch (fault) {
      case StripCondition() -> Conditions.areIn(call);
      case FailEntries it -> EntryFailures.strike(it, call);
      case Fault _ -> true;
    };
  }

  static boolean of(Fault fault, AwsCall call, AwsAnswer answer, Redeliveries redeliveries) {
    return switch (fault) {
      case AnswerQueryEmpty() -> EmptyQuery.isPossible(call, answer);
      case DuplicateDelivery _ -> !redeliveries.newIn(call, answer).isEmpty();
      case DeleteOnReceive() ->
          call.is(AwsOperation.RECEIVE_MESSAGE) && !Messages.in(answer).isEmpty();
      case Fault _ -> true;
    };
  }
}
