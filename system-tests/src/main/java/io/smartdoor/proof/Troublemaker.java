package io.smartdoor.proof;

import io.smartdoor.faults.AwsService;
import io.smartdoor.faults.Caller;
import io.smartdoor.faults.Fault;
import io.smartdoor.faults.Fault.CutConnection;
import io.smartdoor.faults.Fault.Delay;
import io.smartdoor.faults.Fault.DuplicateDelivery;
import io.smartdoor.faults.Fault.FailEntries;
import io.smartdoor.faults.Fault.Outage;
import io.smartdoor.faults.Fault.ServerError;
import io.smartdoor.faults.Fault.Throttle;
import io.smartdoor.faults.Match;
import io.smartdoor.faults.Moment;
import io.smartdoor.faults.Redelivery;
import io.smartdoor.faults.Rule;
import io.smartdoor.faults.Times;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** Makes the trouble that a {@link Plan} has in store. Safe for use by several threads. */
final class Troublemaker {

  /** To finish what is in hand, 20 s, and for all else. A container's default is 30 s. */
  static final Duration STOP_LIMIT = Duration.ofSeconds(24);

  private static final Duration SLOWER = Duration.ofMillis(400);

  private final Stage stage;
  private final List<Struck> struck = new CopyOnWriteArrayList<>();
  private final List<Optional<Duration>> stops = new CopyOnWriteArrayList<>();

  /** Which counts what was done to processes by ones, and asks a rule. */
  private record Struck(String kind, Optional<Rule> rule) {

    int times() {
      return rule.map(Rule::fired).orElse(1);
    }
  }

  Troublemaker(Stage stage) {
    this.stage = stage;
  }

  /** Makes it, and returns when it is over. */
  void make(Disturbance disturbance) throws InterruptedException {
    switch (disturbance.trouble()) {
      case KILLED -> strike(disturbance, stage.fleet()::kill);
      case TERMINATED ->
          strike(disturbance, it -> stops.add(stage.fleet().terminate(it, STOP_LIMIT)));
      case PAUSED -> strike(disturbance, it -> pause(it, disturbance.length()));
      case DOWN -> {
        stage.fleet().takeDown(disturbance.whom());
        struck.add(new Struck(disturbance.kind(), Optional.empty()));
        sleep(disturbance.length());
        stage.fleet().fillUp(disturbance.whom(), instancesOf(disturbance.whom()));
      }
      case BUS_OUTAGE -> disturb(disturbance, new Outage());
      case THROTTLED -> disturb(disturbance, new Throttle());
      case FAILED_BEFORE -> disturb(disturbance, new ServerError(Moment.BEFORE_AWS));
      case FAILED_AFTER -> disturb(disturbance, new ServerError(Moment.AFTER_AWS));
      case CUT_BEFORE -> disturb(disturbance, new CutConnection(Moment.BEFORE_AWS));
      case CUT_AFTER -> disturb(disturbance, new CutConnection(Moment.AFTER_AWS));
      case SLOW -> disturb(disturbance, new Delay(SLOWER, Moment.BEFORE_AWS));
      case ENTRIES_FAILED ->
          disturb(
              disturbance,
              new FailEntries(Set.of(0, 2), "InternalFailure", "made to fail by the fault proxy"));
      case DELIVERED_TWICE -> disturb(disturbance, new DuplicateDelivery(Redelivery.SAME_MESSAGE));
      case COPIED -> disturb(disturbance, new DuplicateDelivery(Redelivery.COPY));
    }
  }

  @FunctionalInterface
  private interface Blow {
    void strike(Caller victim) throws InterruptedException;
  }

  private void strike(Disturbance disturbance, Blow blow) throws InterruptedException {
    var workers = stage.fleet().workers(disturbance.whom());
    if (workers.isEmpty()) {
      return; // all of them are on their way up or down
    }
    blow.strike(workers.get(Math.floorMod(disturbance.seed(), workers.size())));
    struck.add(new Struck(disturbance.kind(), Optional.empty()));
  }

  private void pause(Caller victim, Duration length) throws InterruptedException {
    var instance = stage.fleet().get(victim);
    instance.pause();
    try {
      sleep(length);
    } finally {
      instance.resume();
    }
  }

  private void disturb(Disturbance disturbance, Fault fault) throws InterruptedException {
    var whom =
        Arrays.stream(AwsService.values())
            .filter(it -> it.toString().equals(disturbance.whom()))
            .findFirst()
            .map(Match::of)
            .orElseGet(Match::everyCall);
    var rule =
        stage.proxy().inject(fault, whom, Times.sometimes(disturbance.share(), disturbance.seed()));
    struck.add(new Struck(disturbance.kind(), Optional.of(rule)));
    try {
      sleep(disturbance.length());
    } finally {
      rule.off();
    }
  }

  private int instancesOf(String service) {
    return stage.setting().instances().getOrDefault(service, 0);
  }

  private static void sleep(Duration duration) throws InterruptedException {
    TimeUnit.MILLISECONDS.sleep(duration.toMillis());
  }

  /** How often each kind has struck. */
  Map<String, Integer> struck() {
    var times = new TreeMap<String, Integer>();
    struck.forEach(it -> times.merge(it.kind(), it.times(), Integer::sum));
    return times;
  }

  /** How long those took to stop that were told to; empty for one that had to be killed. */
  List<Optional<Duration>> stops() {
    return List.copyOf(stops);
  }
}
