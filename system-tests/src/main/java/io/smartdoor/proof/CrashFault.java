package io.smartdoor.proof;

import io.smartdoor.faults.AwsCall;
import io.smartdoor.faults.AwsOperation;
import io.smartdoor.faults.CallName;
import io.smartdoor.faults.Caller;
import io.smartdoor.faults.Fault;
import io.smartdoor.faults.Fault.RunAfter;
import io.smartdoor.faults.Fault.RunBefore;
import io.smartdoor.faults.Gate;
import io.smartdoor.faults.Match;
import io.smartdoor.faults.Rule;
import io.smartdoor.faults.Then;
import io.smartdoor.faults.Times;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/** A crash that waits for one call, by whichever instance makes it. */
final class CrashFault implements AutoCloseable {

  private static final Duration BREATH_LIMIT = Duration.ofSeconds(30);

  /** So many polls after it was resumed, an instance has done what it was about to do. */
  private static final int BREATHS = 2;

  private final Stage stage;
  private final Gate gate = new Gate();
  private final AtomicReference<Optional<Caller>> paused = new AtomicReference<>(Optional.empty());
  private final List<Rule> rules = new ArrayList<>();

  private CrashFault(Stage stage) {
    this.stage = stage;
  }

  static CrashFault arm(Stage stage, CallName call, Crash crash) {
    stage.proxy().calls().clear();
    var fault = new CrashFault(stage);
    fault.arm(call, crash);
    return fault;
  }

  private void arm(CallName call, Crash crash) {
    var polls = call.operation().equals(AwsOperation.RECEIVE_MESSAGE);
    var those = Match.of(call);
    var nth = Times.nth(call.ordinal());
    switch (crash) {
      case KILLED_BEFORE -> inject(new RunBefore(this::kill, Then.CUT), those, nth);
      case KILLED_AFTER ->
          inject(
              new RunAfter((it, _) -> kill(it), Then.CUT), polls ? those.delivering() : those, nth);
      case PAUSED -> {
        // An instance that polls holds nothing yet: it is paused with the message in its hands.
        inject(
            polls
                ? new RunAfter((it, _) -> pause(it), Then.CONTINUE)
                : new RunBefore(this::pause, Then.CONTINUE),
            polls ? those.delivering() : those,
            nth);
      }
    }
  }

  private void inject(Fault fault, Match match, Times times) {
    rules.add(stage.proxy().inject(fault, match, times));
  }

  private void kill(AwsCall call) throws InterruptedException {
    stage.fleet().kill(call.caller());
  }

  /** Its call waits as well: the proxy is another process, and would go on. */
  private void pause(AwsCall call) throws InterruptedException {
    stage.fleet().get(call.caller()).pause();
    paused.set(Optional.of(call.caller()));
    gate.pass();
  }

  /** Waits until it has struck, where coming to rest does not say that it has; or for as long. */
  void await(Duration limit) throws InterruptedException {
    try {
      for (var rule : rules) {
        rule.awaitFired(1, limit);
      }
    } catch (AssertionError e) {
      // It has not: whoever asks whether it passed is told.
    }
  }

  /**
   * When everything else has come to rest: lets a paused instance go on, and waits until it has
   * done what it was about to do.
   *
   * @return whether the fault did strike
   */
  boolean passed() throws Exception {
    if (rules.stream().anyMatch(it -> it.fired() == 0)) {
      return false;
    }
    if (paused.get().isPresent()) {
      var caller = paused.get().get();
      resume();
      var resumed = stage.now();
      stage
          .proxy()
          .calls()
          .await(
              BREATHS,
              it -> it.caller().equals(caller) && it.idle() && it.started().isAfter(resumed),
              BREATH_LIMIT);
      stage.settle(Stage.LIMIT);
    }
    return true;
  }

  private void resume() {
    gate.open();
    var caller = paused.getAndSet(Optional.empty());
    if (caller.isPresent()) {
      stage.fleet().get(caller.get()).resume();
    }
  }

  @Override
  public void close() {
    rules.forEach(Rule::off);
    resume();
  }
}
