package io.smartdoor.proof;

import static io.smartdoor.faults.AwsOperation.PUT_EVENTS;
import static io.smartdoor.faults.AwsOperation.QUERY;
import static io.smartdoor.faults.AwsOperation.RECEIVE_MESSAGE;

import io.smartdoor.faults.AwsService;
import io.smartdoor.faults.CallName;
import io.smartdoor.faults.Fault.AnswerQueryEmpty;
import io.smartdoor.faults.Fault.DeleteOnReceive;
import io.smartdoor.faults.Fault.DuplicateDelivery;
import io.smartdoor.faults.Fault.StripCondition;
import io.smartdoor.faults.FaultProxy;
import io.smartdoor.faults.Match;
import io.smartdoor.faults.Redelivery;
import io.smartdoor.faults.Rule;
import io.smartdoor.faults.Times;
import io.smartdoor.proof.Violation.Kind;
import java.time.Duration;
import java.util.List;

/**
 * What SmartDoor would be without one of the things that keep its promises, made so by the proxy
 * alone. The checker has to notice: one that never fails proves nothing.
 *
 * <p>Each comes with the crash that shows what was missing. The same crash is in the matrix, where
 * nothing is missing and all promises are kept.
 */
enum BrokenBuild {
  /** Every write succeeds, as if nobody had ever thought of duplicates. */
  NO_DEDUPLICATION("writes without conditions", Crash.PAUSED, Stage.LIMIT) {
    @Override
    boolean isSymptom(Kind kind) {
      return kind == Kind.DOUBLED_EFFECT;
    }

    @Override
    List<Rule> breakBuild(FaultProxy proxy) {
      return List.of(
          proxy.inject(new StripCondition(), Match.everyCall(), Times.always()),
          proxy.inject(
              new DuplicateDelivery(Redelivery.COPY),
              Match.of(RECEIVE_MESSAGE).by(Checker.NOTIFICATION),
              Times.always()));
    }

    @Override
    boolean crashesAt(CallName call) {
      return isNotifications(call) && call.operation().name().equals("TransactWriteItems");
    }
  },

  /** A message is gone as soon as somebody has it, who then dies. */
  ACKNOWLEDGED_BEFORE_HANDLED("messages deleted on receive", Crash.KILLED_BEFORE, Stage.LIMIT) {
    @Override
    boolean isSymptom(Kind kind) {
      return kind == Kind.LOST_DELIVERY || kind == Kind.LOST_EFFECT;
    }

    @Override
    List<Rule> breakBuild(FaultProxy proxy) {
      return List.of(
          proxy.inject(new DeleteOnReceive(), Match.of(RECEIVE_MESSAGE), Times.always()));
    }

    @Override
    boolean crashesAt(CallName call) {
      return isNotifications(call) && call.operation().service() != AwsService.SQS;
    }
  },

  /** Nobody looks for what a crash has left in the outbox. */
  NO_SWEEPER(
      "nothing ever found pending",
      Crash.KILLED_BEFORE,
      Duration.ofSeconds(8)) { // several leases and sweeps
    @Override
    boolean isSymptom(Kind kind) {
      return kind == Kind.LOST_EVENT;
    }

    @Override
    List<Rule> breakBuild(FaultProxy proxy) {
      return List.of(
          proxy.inject(new AnswerQueryEmpty(), Match.of(QUERY).index("pending"), Times.always()));
    }

    @Override
    boolean crashesAt(CallName call) {
      return call.operation().equals(PUT_EVENTS);
    }
  };

  /** There are hundreds. */
  private static final int TOLD = 3;

  private final String label;
  private final Crash crash;
  private final Duration limit;

  BrokenBuild(String label, Crash crash, Duration limit) {
    this.label = label;
    this.crash = crash;
    this.limit = limit;
  }

  /** What the proxy does until it is told to stop. */
  abstract List<Rule> breakBuild(FaultProxy proxy);

  /** What the checker has to say about it. */
  abstract boolean isSymptom(Kind kind);

  abstract boolean crashesAt(CallName call);

  private static boolean isNotifications(CallName call) {
    return call.caller().equals(Checker.NOTIFICATION);
  }

  /** Lets an event pass, and says whether the checker has noticed. Leaves nothing broken behind. */
  Caught run(Stage stage, Course course) throws Exception {
    var began = System.nanoTime();
    var call = course.first(this::crashesAt);
    stage.fleet().await(call.caller(), 2);
    var rules = breakBuild(stage.proxy());
    try (var fault = CrashFault.arm(stage, call, crash)) {
      stage.report(stage.newKey(), Opening.BY_HAND);
      fault.await(Stage.LIMIT);
      stage.settle(limit);
      var fired = fault.passed() && rules.stream().allMatch(it -> it.fired() > 0);
      var violations = stage.newViolations();
      var caught = violations.stream().anyMatch(it -> isSymptom(it.kind()));
      var took = Duration.ofNanos(System.nanoTime() - began);
      return new Caught(
          label, "%s, %s".formatted(call, crash), fired, fired && caught, violations, took);
    } finally {
      rules.forEach(Rule::off);
      stage.settle(Stage.LIMIT);
      stage.newViolations(); // of what was broken on purpose
    }
  }

  /**
   * The same in a soak, where the crash is one of many. Leaves nothing broken behind, but for what
   * the checker was shown.
   */
  Caught soak(Stage stage, Plan plan, Console console) throws InterruptedException {
    var began = System.nanoTime();
    var rules = breakBuild(stage.proxy());
    try {
      new Soak(stage, plan, console).run(limit);
      var fired = rules.stream().allMatch(it -> it.fired() > 0);
      var violations = stage.newViolations();
      var symptoms = violations.stream().filter(it -> isSymptom(it.kind())).limit(TOLD).toList();
      return new Caught(
          label,
          "a soak of %d s, seed %d".formatted(plan.length().toSeconds(), plan.seed()),
          fired,
          fired && !symptoms.isEmpty(),
          symptoms.isEmpty() ? violations.stream().limit(TOLD).toList() : symptoms,
          Duration.ofNanos(System.nanoTime() - began));
    } finally {
      rules.forEach(Rule::off);
      stage.settle(Stage.LIMIT);
      stage.newViolations(); // of what was broken on purpose
    }
  }

  @Override
  public String toString() {
    return "broken: " + label;
  }
}
