package io.smartdoor.bench;

import io.smartdoor.bench.Disturbance.Course;
import io.smartdoor.bench.Disturbance.Phase;
import io.smartdoor.bench.Disturbance.Sample;
import io.smartdoor.bench.Figure.Round;
import io.smartdoor.bench.Figure.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.DoublePredicate;

/** Findings as a run might have. */
final class Measured {

  static final Figure DRAIN =
      new Figure(
          "drain-rate",
          "backlog worked off",
          "/s",
          Target.atLeast(0.9),
          List.of(new Round(190, 200), new Round(186, 200), new Round(92, 100)));

  static final Figure MISSED =
      new Figure("cpu", "CPU & more", "s", Target.atMost(1.5), List.of(new Round(4, 2)));

  private Measured() {}

  static Findings findings(Figure... figures) {
    return new Findings(
        List.of(figures),
        List.of(new Calls.Line("lock: PutItem", 1, 1), new Calls.Line("lock: Query", 0.05, 0)),
        Optional.of(
            new Growth(
                List.of(
                    new Growth.Size(10, List.of(60.0, 61.0), List.of(12.0, 12.1)),
                    new Growth.Size(1000, List.of(59.0, 62.0), List.of(12.0, 12.2))))),
        Optional.of(new Findings.Disturbed(course(_ -> true), course(it -> it < 6), 1)));
  }

  /** An opening a second, six in each phase. */
  static Course course(DoublePredicate answeredAt) {
    var samples = new ArrayList<Sample>();
    for (var phase : Phase.values()) {
      for (var i = 0; i < 6; i++) {
        var at = samples.size();
        samples.add(new Sample(phase, at, 0.012, answeredAt.test(at)));
      }
    }
    return new Course(samples, List.of());
  }
}
