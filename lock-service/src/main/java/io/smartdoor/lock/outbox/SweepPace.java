package io.smartdoor.lock.outbox;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;

/**
 * How many batches a sweep has under way side by side. It begins with one, to see whether the bus
 * is there, and doubles that round by round. When the bus pushes back the sweep is over, and later
 * ones go only half as far as that; each that goes well goes one further (additive increase,
 * multiplicative decrease, as in RFC 5681). Not for use by several threads.
 */
final class SweepPace {

  /** Waits; a test passes one that moves its clock. */
  @FunctionalInterface
  interface Pause {
    void sleep(Duration duration) throws InterruptedException;
  }

  private final SweepPolicy policy;
  private final Clock clock;
  private final Pause pause;
  private int furthest;
  private int width = 1;
  private boolean over;
  private Instant nextAt = Instant.MIN;

  SweepPace(SweepPolicy policy, Clock clock, Pause pause) {
    this.policy = policy;
    this.clock = clock;
    this.pause = pause;
    this.furthest = policy.calls();
  }

  /** A sweep begins. */
  void begin() {
    width = 1;
    over = false;
  }

  /** The sweep that began last has ended by itself. */
  void end() {
    if (!over) {
      furthest = Math.min(policy.calls(), furthest + 1);
    }
  }

  /** How many batches go out next. */
  int width() {
    return width;
  }

  /** Whether the bus has pushed back. */
  boolean isOver() {
    return over;
  }

  /** How the bus received a round. */
  void learn(Collection<Reception> round) {
    if (round.stream().allMatch(it -> it == Reception.WHOLE)) {
      width = Math.min(furthest, 2 * width);
    } else {
      over = true;
      furthest = Math.max(1, width / 2);
    }
  }

  /** Waits until so many events may be followed by others. */
  void rest(int events) throws InterruptedException {
    var now = clock.instant();
    nextAt =
        (nextAt.isAfter(now) ? nextAt : now)
            .plus(Duration.ofSeconds(events).dividedBy(policy.perSecond()));
    pause.sleep(Duration.between(now, nextAt));
  }
}
