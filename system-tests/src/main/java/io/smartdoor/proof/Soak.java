package io.smartdoor.proof;

import io.smartdoor.proof.Fleet.Ended;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * Carries out a {@link Plan}: everything at its time, whatever became of what was before. For one
 * run.
 */
final class Soak {

  /** What is postponed for an outage comes back after a minute or two. */
  static final Duration SETTLE_LIMIT = Duration.ofMinutes(5);

  private static final Duration SUPERVISION = Duration.ofSeconds(1);
  private static final Duration REMINDER = Duration.ofSeconds(15);
  private static final Duration START_LIMIT = Duration.ofMinutes(2);
  private static final long LOOK_MILLIS = 1000;

  /** After the end, when nothing is in the way any more. */
  private static final Duration LAST_ANSWERS = Duration.ofSeconds(60);

  private final Stage stage;
  private final Plan plan;
  private final Console console;
  private final Troublemaker trouble;
  private final List<Ended> ended = new CopyOnWriteArrayList<>();
  private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
  private final long began = System.nanoTime();
  private final Reporting reporting;

  Soak(Stage stage, Plan plan, Console console) {
    this.stage = stage;
    this.plan = plan;
    this.console = console;
    this.trouble = new Troublemaker(stage);
    this.reporting =
        new Reporting(
            stage.household(),
            () -> stage.fleet().addressesOf(Fleet.LOCK),
            stage.now(),
            () -> plan.length().minus(passed()).plus(LAST_ANSWERS),
            failures::add);
  }

  @FunctionalInterface
  private interface Step {
    void run() throws Exception;
  }

  /** What struck, and who stopped how fast. */
  Troublemaker trouble() {
    return trouble;
  }

  /** Instances that ended without being told to, and were replaced. */
  List<Ended> ended() {
    return List.copyOf(ended);
  }

  /**
   * Runs it, and waits until nothing moves any more.
   *
   * @param settleLimit for what comes after the end
   * @return what still does, if anything
   */
  Optional<String> run(Duration settleLimit) throws InterruptedException {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      plan.disturbances().forEach(it -> threads.execute(() -> at(it.at(), () -> trouble.make(it))));
      plan.doses()
          .forEach(it -> threads.execute(() -> at(it.at(), () -> stage.poisoner().give(it))));
      for (var sending : plan.sendings()) {
        threads.execute(() -> at(sending.at(), () -> reporting.send(sending)));
        for (var repeat : sending.repeats()) {
          var when = sending.at().plus(repeat.after());
          threads.execute(() -> at(when, () -> reporting.repeat(sending, repeat)));
        }
      }
      supervise();
    }
    if (!failures.isEmpty()) {
      var failure = new IllegalStateException("the soak itself failed: " + failures.peek());
      failures.forEach(failure::addSuppressed);
      throw failure;
    }
    restore();
    console.say("- everything is over; waiting until nothing moves any more");
    var end = passed().plus(settleLimit);
    var unrest = stage.settle(REMINDER, LOOK_MILLIS);
    while (unrest.isPresent() && passed().compareTo(end) < 0) {
      console.say("  %3d s: %s".formatted(passed().toSeconds(), unrest.get()));
      unrest = stage.settle(REMINDER, LOOK_MILLIS);
    }
    return unrest;
  }

  /** Until the end: replaces whoever has ended, and says how far it is. */
  private void supervise() throws InterruptedException {
    var reminder = REMINDER;
    while (passed().compareTo(plan.length()) < 0) {
      TimeUnit.MILLISECONDS.sleep(SUPERVISION.toMillis());
      replaceEnded();
      stage.proxy().calls().clear(); // nobody reads it, and it grows
      if (passed().compareTo(reminder) >= 0) {
        console.say("  %3d s: %d webhooks".formatted(passed().toSeconds(), stage.webhooks()));
        reminder = reminder.plus(REMINDER);
      }
    }
  }

  private void replaceEnded() {
    for (var one : stage.fleet().replaceEnded()) {
      ended.add(one);
      console.say("  %s has ended by itself".formatted(one.caller()));
    }
  }

  /** All instances work again. */
  private void restore() throws InterruptedException {
    var end = passed().plus(START_LIMIT);
    stage.setting().instances().forEach(stage.fleet()::fillUp);
    while (!allWork()) {
      if (passed().compareTo(end) > 0) {
        throw new IllegalStateException(
            "not all instances work, " + START_LIMIT + " after the end");
      }
      TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
      replaceEnded();
    }
  }

  private boolean allWork() {
    return stage.setting().instances().entrySet().stream()
        .allMatch(it -> stage.fleet().workers(it.getKey()).size() >= it.getValue());
  }

  private Duration passed() {
    return Duration.ofNanos(System.nanoTime() - began);
  }

  private void at(Duration when, Step step) {
    try {
      TimeUnit.NANOSECONDS.sleep(when.minus(passed()).toNanos());
      step.run();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Exception | Error e) {
      failures.add(e);
    }
  }
}
