package io.smartdoor.bench;

import java.util.List;
import java.util.Locale;

/**
 * What was measured of SmartDoor and of a floor, side by side, and what is to be reached.
 *
 * <p>The ratio is the median of the rounds' ratios: within a round both were measured one right
 * after the other, so whatever slowed the machine down for longer slowed both.
 *
 * @param id names it to programs, in kebab-case
 * @param what was measured, for people
 * @param unit of what each round measured
 */
record Figure(String id, String what, String unit, Target target, List<Round> rounds) {

  /** One measurement of each. */
  record Round(double subject, double floor) {

    Round {
      if (!(subject > 0 && floor > 0)) {
        throw new IllegalArgumentException(
            "expected more than 0, found %f and %f".formatted(subject, floor));
      }
    }

    double ratio() {
      return subject / floor;
    }
  }

  /** Which ratios are good enough. */
  record Target(boolean atLeast, double limit) {

    static Target atLeast(double limit) {
      return new Target(true, limit);
    }

    static Target atMost(double limit) {
      return new Target(false, limit);
    }

    boolean isReachedBy(double ratio) {
      return atLeast ? ratio >= limit : ratio <= limit;
    }

    @Override
    public String toString() {
      return String.format(Locale.ROOT, "%s %.2f", atLeast ? "≥" : "≤", limit);
    }
  }

  Figure {
    rounds = List.copyOf(rounds);
    if (rounds.isEmpty()) {
      throw new IllegalArgumentException("expected rounds of %s, found none".formatted(id));
    }
  }

  double ratio() {
    return Statistics.median(ratios());
  }

  double leastRatio() {
    return Statistics.least(ratios());
  }

  double mostRatio() {
    return Statistics.most(ratios());
  }

  double subject() {
    return Statistics.median(rounds.stream().map(Round::subject).toList());
  }

  double floor() {
    return Statistics.median(rounds.stream().map(Round::floor).toList());
  }

  boolean isReached() {
    return target.isReachedBy(ratio());
  }

  /** What chance alone hardly does, however unquiet the machine is. */
  boolean isMissedInEveryRound() {
    return ratios().stream().noneMatch(target::isReachedBy);
  }

  List<Double> ratios() {
    return rounds.stream().map(Round::ratio).toList();
  }
}
