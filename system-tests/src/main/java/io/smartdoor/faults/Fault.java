package io.smartdoor.faults;

import java.time.Duration;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * What can go wrong with a call. A fault strikes only calls that it can do something to: {@link
 * StripCondition} passes by a write without condition, {@link DuplicateDelivery} an empty receive.
 */
public sealed interface Fault {

  /** When it strikes; a rule that looks at the answer can only do so afterwards. */
  Moment moment();

  /** The call is held until the gate opens. Its caller may have given up by then: it goes on. */
  record Pause(Gate gate, Moment moment) implements Fault {}

  /** The call takes that much longer. */
  record Delay(Duration duration, Moment moment) implements Fault {}

  /** AWS refuses the call as one too many, in the words of that service. It is not executed. */
  record Throttle() implements Fault {
    @Override
    public Moment moment() {
      return Moment.BEFORE_AWS;
    }
  }

  /**
   * AWS refuses the call as one that it does not understand. It is not executed, and no client
   * tries it again by itself.
   */
  record Refuse() implements Fault {
    @Override
    public Moment moment() {
      return Moment.BEFORE_AWS;
    }
  }

  /** AWS answers 500, having executed the call or not. */
  record ServerError(Moment moment) implements Fault {}

  /** AWS answers 503 and does nothing. For an outage, as long as the rule is on. */
  record Outage() implements Fault {
    @Override
    public Moment moment() {
      return Moment.BEFORE_AWS;
    }
  }

  /** The caller's connection is reset: it cannot know whether the call was executed. */
  record CutConnection(Moment moment) implements Fault {}

  /**
   * Of a PutEvents, these entries fail and the others are put.
   *
   * @param entries counted from 0; those that a call does not have are passed over
   * @param code as AWS has it ({@code InternalFailure}, {@code ThrottlingException})
   */
  record FailEntries(Set<Integer> entries, String code, String message) implements Fault {

    public FailEntries {
      entries = Set.copyOf(entries);
    }

    @Override
    public Moment moment() {
      return Moment.BEFORE_AWS;
    }
  }

  /**
   * The messages of a receive are delivered once more. No message is doubled twice, and no copy.
   * Fires when a message really is delivered again ({@link Redelivery#SAME_MESSAGE}) or its copy is
   * on the queue ({@link Redelivery#COPY}).
   */
  record DuplicateDelivery(Redelivery how) implements Fault {
    @Override
    public Moment moment() {
      return Moment.AFTER_AWS;
    }
  }

  /**
   * DynamoDB writes, in transactions too, lose their conditions; a transaction's condition checks
   * are left out of it. Nothing is deduplicated any more.
   */
  record StripCondition() implements Fault {
    @Override
    public Moment moment() {
      return Moment.BEFORE_AWS;
    }
  }

  /** A Query or Scan that AWS has answered finds nothing. */
  record AnswerQueryEmpty() implements Fault {
    @Override
    public Moment moment() {
      return Moment.AFTER_AWS;
    }
  }

  /** Messages are deleted before the caller has them: acknowledged before they are handled. */
  record DeleteOnReceive() implements Fault {
    @Override
    public Moment moment() {
      return Moment.AFTER_AWS;
    }
  }

  /**
   * The answer is passed on as the test writes it; {@link AwsAnswer#withJson} keeps checksums
   * right.
   */
  record AlterAnswer(UnaryOperator<AwsAnswer> change) implements Fault {
    @Override
    public Moment moment() {
      return Moment.AFTER_AWS;
    }
  }

  /**
   * An action of the test's own (killing the caller, say) just before the call reaches AWS. With
   * {@link Then#CUT} it never does.
   */
  record RunBefore(Action action, Then then) implements Fault {
    @Override
    public Moment moment() {
      return Moment.BEFORE_AWS;
    }
  }

  /**
   * An action of the test's own just after AWS has executed the call, and before the caller has its
   * answer. With {@link Then#CUT} it never gets it.
   */
  record RunAfter(AnswerAction action, Then then) implements Fault {
    @Override
    public Moment moment() {
      return Moment.AFTER_AWS;
    }
  }

  /**
   * Runs on the thread of the call, which waits for it. What it throws cuts the connection and is
   * thrown by {@link FaultProxy#close}.
   */
  @FunctionalInterface
  interface Action {
    void run(AwsCall call) throws Exception;
  }

  /** {@link Action} with AWS's answer. */
  @FunctionalInterface
  interface AnswerAction {
    void run(AwsCall call, AwsAnswer answer) throws Exception;
  }
}
