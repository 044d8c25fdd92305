package io.smartdoor.faults;

import io.smartdoor.faults.Fault.AlterAnswer;
import io.smartdoor.faults.Fault.AnswerQueryEmpty;
import io.smartdoor.faults.Fault.CutConnection;
import io.smartdoor.faults.Fault.Delay;
import io.smartdoor.faults.Fault.DeleteOnReceive;
import io.smartdoor.faults.Fault.DuplicateDelivery;
import io.smartdoor.faults.Fault.FailEntries;
import io.smartdoor.faults.Fault.Outage;
import io.smartdoor.faults.Fault.Pause;
import io.smartdoor.faults.Fault.Refuse;
import io.smartdoor.faults.Fault.RunAfter;
import io.smartdoor.faults.Fault.RunBefore;
import io.smartdoor.faults.Fault.ServerError;
import io.smartdoor.faults.Fault.StripCondition;
import io.smartdoor.faults.Fault.Throttle;
import io.smartdoor.faults.Step.Answer;
import io.smartdoor.faults.Step.Cut;
import io.smartdoor.faults.Step.Forward;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.UnaryOperator;

/** One call on its way through the rules to AWS and back through the rules. For one thread. */
final class Exchange {

  private final List<Rule> rules;
  private final Aws aws;
  private final Redeliveries redeliveries;
  private final List<UnaryOperator<AwsAnswer>> completions = new ArrayList<>();
  private final List<String> struck = new ArrayList<>();
  private OptionalInt awsStatus = OptionalInt.empty();

  Exchange(List<Rule> rules, Aws aws, Redeliveries redeliveries) {
    this.rules = rules;
    this.aws = aws;
    this.redeliveries = redeliveries;
  }

  /** What AWS answered; empty where it was not asked, or did not answer. */
  OptionalInt awsStatus() {
    return awsStatus;
  }

  /** The faults that struck, in their order. */
  List<String> struck() {
    return List.copyOf(struck);
  }

  /** Carries the call out; empty where the caller's connection is to be cut. */
  Optional<AwsAnswer> carryOut(AwsCall call) throws Exception {
    return switch (onTheWayThere(call)) {
      case Forward(var changed) -> onTheWayBack(changed, completed(send(changed)));
      case Answer(var answer) -> Optional.of(answer);
      case Cut() -> Optional.empty();
    };
  }

  private Step onTheWayThere(AwsCall call) throws Exception {
    Step step = new Forward(call);
    for (var rule : rules) {
      if (step instanceof Forward(var changed) && rule.strikes(changed)) {
        step = before(rule, changed);
      }
    }
    return step;
  }

  private Optional<AwsAnswer> onTheWayBack(AwsCall call, AwsAnswer answer) throws Exception {
    Step step = new Answer(answer);
    for (var rule : rules) {
      if (step instanceof Answer(var changed) && rule.strikes(call, changed, redeliveries)) {
        step = after(rule, call, changed);
      }
    }
    return step instanceof Answer(var changed) ? Optional.of(changed) : Optional.empty();
  }

  private Step before(Rule rule, AwsCall call) throws Exception {
    fire(rule);
    return switch (rule.fault()) {
      case Pause(var gate, _) -> {
        gate.pass();
        yield new Forward(call);
      }
      case Delay(var duration, _) -> {
        Thread.sleep(duration);
        yield new Forward(call);
      }
      case RunBefore(var action, var then) -> {
        action.run(call);
        yield then == Then.CUT ? new Cut() : new Forward(call);
      }
      case Throttle() -> new Answer(Answers.refused(call, Answers.Refusal.THROTTLED));
      case Refuse() -> new Answer(Answers.refused(call, Answers.Refusal.INVALID));
      case ServerError _ -> new Answer(Answers.refused(call, Answers.Refusal.INTERNAL_ERROR));
      case Outage() -> new Answer(Answers.refused(call, Answers.Refusal.UNAVAILABLE));
      case CutConnection _ -> new Cut();
      case StripCondition() -> new Forward(Conditions.strippedFrom(call));
      case FailEntries fault -> failing(new EntryFailures(fault, call));
      case DuplicateDelivery _, AnswerQueryEmpty _, DeleteOnReceive _, AlterAnswer _, RunAfter _ ->
          throw strikesOnlyAfter(rule);
    };
  }

  private Step after(Rule rule, AwsCall call, AwsAnswer answer) throws Exception {
    if (rule.fault() instanceof DuplicateDelivery(var how)) {
      duplicate(rule, how, call, answer); // fires when the second delivery is made
      return new Answer(answer);
    }
    fire(rule);
    return switch (rule.fault()) {
      case Pause(var gate, _) -> {
        gate.pass();
        yield new Answer(answer);
      }
      case Delay(var duration, _) -> {
        Thread.sleep(duration);
        yield new Answer(answer);
      }
      case RunAfter(var action, var then) -> {
        action.run(call, answer);
        yield then == Then.CUT ? new Cut() : new Answer(answer);
      }
      case ServerError _ -> new Answer(Answers.refused(call, Answers.Refusal.INTERNAL_ERROR));
      case CutConnection _ -> new Cut();
      case AnswerQueryEmpty() -> new Answer(EmptyQuery.insteadOf(answer));
      case DeleteOnReceive() -> {
        aws.delete(call, Messages.in(answer));
        yield new Answer(answer);
      }
      case AlterAnswer(var change) -> new Answer(change.apply(answer));
      case DuplicateDelivery _,
          RunBefore _,
          Throttle _,
          Refuse _,
          Outage _,
          StripCondition _,
          FailEntries _ ->
          throw strikesOnlyBefore(rule);
    };
  }

  private Step failing(EntryFailures failures) {
    var rest = failures.rest();
    if (EntryFailures.isEmpty(rest)) {
      return new Answer(completed(failures.answerOfNone()));
    }
    completions.addFirst(failures::answer);
    return new Forward(rest);
  }

  /** Puts back in what earlier faults took out of the request; the last to take is the first. */
  private AwsAnswer completed(AwsAnswer answer) {
    var whole = answer;
    for (var completion : completions) {
      whole = completion.apply(whole);
    }
    return whole;
  }

  private void duplicate(Rule rule, Redelivery how, AwsCall call, AwsAnswer answer)
      throws Exception {
    for (var message : redeliveries.newIn(call, answer)) {
      if (redeliveries.markDoubled(Messages.id(message))) {
        switch (how) {
          case SAME_MESSAGE ->
              redeliveries.add(call.resource(), new Redeliveries.Waiting(message, rule));
          case COPY -> {
            redeliveries.markDoubled(aws.sendCopy(call, message));
            fire(rule);
          }
        }
      }
    }
  }

  private AwsAnswer send(AwsCall call) throws Exception {
    if (!call.is(AwsOperation.RECEIVE_MESSAGE)) {
      return forward(call);
    }
    var most = Messages.mostOf(call);
    var again = redeliveries.take(call.resource(), most);
    if (again.isEmpty()) {
      return forward(call);
    }
    var delivered = false;
    try {
      var answer =
          again.size() == most
              ? Answers.ok(call, Json.object())
              : forward(Messages.withoutWaiting(call, most - again.size()));
      delivered = answer.succeeded();
      return delivered ? withSecondDeliveries(answer, again) : answer;
    } finally {
      if (!delivered) {
        redeliveries.putBack(call.resource(), again);
      }
    }
  }

  private AwsAnswer withSecondDeliveries(AwsAnswer answer, List<Redeliveries.Waiting> again) {
    again.forEach(it -> fire(it.rule()));
    return Messages.with(answer, again.stream().map(Redeliveries.Waiting::message).toList());
  }

  private AwsAnswer forward(AwsCall call) throws Exception {
    var answer = aws.send(call);
    awsStatus = OptionalInt.of(answer.status());
    return answer;
  }

  private void fire(Rule rule) {
    rule.fire();
    struck.add(rule.fault().getClass().getSimpleName());
  }

  private static IllegalStateException strikesOnlyAfter(Rule rule) {
    return new IllegalStateException("expected a fault before AWS, found " + rule);
  }

  private static IllegalStateException strikesOnlyBefore(Rule rule) {
    return new IllegalStateException("expected a fault after AWS, found " + rule);
  }
}
