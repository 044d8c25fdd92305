package io.smartdoor.lock.outbox;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;

/**
 * How many batches a sweep has under way side by side. It begins with one, to see whether the bus
 * is there, and doubles that round by round, up to a limit. What the bus does not take halves the
 * limit; each sweep that comes to its end raises it by one (additive increase, multiplicative
 * decrease, as in RFC 5681).
 *
 * <p>Whether the bus pushes back or one event is at fault, for ever, a single round cannot tell:
 * EventBridge throttles entry by entry, too. The next one can. An event that failed is put off and
 * not in it; a bus that had enough refuses again, although it is asked for half as much. So a round
 * that was taken in part is followed by one half as wide, and two in succession end the sweep. A
 * bus that pushes back is bothered with that one round more, and an event that it never takes ends
 * no sweep by itself. A batch of which it took nothing ends the sweep at once.
 *
 * <p>Not for use by several threads.
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
  private boolean warned;
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
    warned = false;
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

  /** How the bus received a round; what nobody offered to it says nothing. */
  void learn(Collection<Reception> round) {
    if (round.isEmpty()) {
      return;
    }
    if (round.stream().allMatch(it -> it == Reception.WHOLE)) {
      warned = false;
      width = Math.min(furthest, 2 * width);
    } else if (warned || round.contains(Reception.NOT_AT_ALL)) {
      over = true;
      furthest = Math.max(1, width / 2);
    } else {
      warned = true;
      furthest = Math.max(1, furthest / 2);
      width = Math.max(1, width / 2);
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
