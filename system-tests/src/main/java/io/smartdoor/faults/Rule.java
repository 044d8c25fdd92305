package io.smartdoor.faults;

import java.time.Duration;

/**
 * One fault at work: which calls, how often, what. A test asserts that it {@link #fired}: a fault
 * that never struck proves nothing.
 *
 * <p>Safe for use by several threads.
 */
public final class Rule {

  private final Fault fault;
  private final Match match;
  private final Occurrences occurrences;
  private final Tally fired = new Tally();
  private volatile boolean on = true;

  Rule(Fault fault, Match match, Times times) {
    if (match.looksAtAnswer() && fault.moment() == Moment.BEFORE_AWS) {
      throw new IllegalArgumentException(
          "expected a fault after AWS, since '%s' looks at the answer; found %s"
              .formatted(match, fault));
    }
    this.fault = fault;
    this.match = match;
    this.occurrences = new Occurrences(times);
  }

  /** How often the fault struck, counted just before it does. */
  public int fired() {
    return fired.count();
  }

  /** How many calls matched while it was on, struck or not. */
  public int matched() {
    return occurrences.seen();
  }

  /**
   * Waits until the fault has struck so often.
   *
   * @throws AssertionError if it has not when the limit has passed
   */
  public void awaitFired(int times, Duration limit) throws InterruptedException {
    fired.await(times, limit, this::toString);
  }

  /** Lets every call pass, and counts none, until it is on again. */
  public void off() {
    on = false;
  }

  public void on() {
    on = true;
  }

  @Override
  public String toString() {
    return "%s, %s; matched %d, fired %d".formatted(fault, match, matched(), fired());
  }

  Fault fault() {
    return fault;
  }

  boolean strikes(AwsCall call) {
    return on
        && fault.moment() == Moment.BEFORE_AWS
        && match.test(call)
        && Applicability.of(fault, call)
        && occurrences.next();
  }

  boolean strikes(AwsCall call, AwsAnswer answer, Redeliveries redeliveries) {
    return on
        && fault.moment() == Moment.AFTER_AWS
        && match.test(call, answer)
        && Applicability.of(fault, call, answer, redeliveries)
        && occurrences.next();
  }

  void fire() {
    fired.add();
  }
}
