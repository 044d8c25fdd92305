package io.smartdoor.bench;

import io.smartdoor.bench.Load.Report;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What doors see while notification is well, slow, well, down and well again: at a steady rate,
 * however long answers take.
 *
 * @param phase how long each of the five lasts
 */
record Disturbance(Load load, List<Door> doors, double perSecond, Duration phase) {

  /** By which a write into the inbox takes longer while notification is slow. */
  static final Duration SLOWNESS = Duration.ofSeconds(2);

  private static final int WARM_UPS = 40;

  /** In this order. */
  enum Phase {
    WELL("well"),
    SLOW("slow"),
    WELL_AGAIN("well"),
    DOWN("down"),
    WELL_AT_LAST("well");

    private final String label;

    Phase(String label) {
      this.label = label;
    }

    /** How notification is. */
    String label() {
      return label;
    }
  }

  /**
   * One opening.
   *
   * @param at seconds since the beginning
   * @param took seconds until the answer, or until the door gave up
   * @param answered with 202
   */
  record Sample(Phase phase, double at, double took, boolean answered) {}

  /** What doors saw of one system. */
  record Course(List<Sample> samples, List<Report> accepted) {

    List<Sample> of(Phase phase) {
      return samples.stream().filter(it -> it.phase() == phase).toList();
    }

    /** From 0 to 1. */
    double shareAnswered(Phase phase) {
      var those = of(phase);
      return those.stream().filter(Sample::answered).count() / (double) those.size();
    }

    /** Seconds; of those that were answered not at all, until the door gave up. */
    double took(Phase phase, double percent) {
      return Statistics.percentile(of(phase).stream().map(Sample::took).toList(), percent);
    }
  }

  /**
   * @throws IllegalStateException if a door has no answer while nothing is disturbed yet
   */
  Course run(Arrangement system) throws InterruptedException {
    Load.demandAccepted(steadily(system, WARM_UPS), WARM_UPS);
    var samples = new ArrayList<Sample>();
    var accepted = new ArrayList<Report>();
    var openings = (int) Math.round(perSecond * phase.toMillis() / 1000);
    var begins = 0.0;
    for (var it : Phase.values()) {
      change(it, system);
      var reports = steadily(system, openings);
      var first = reports.stream().mapToLong(Report::due).min().orElseThrow();
      for (var report : reports) {
        samples.add(
            new Sample(
                it,
                begins + (report.due() - first) / 1e9,
                report.took().toNanos() / 1e9,
                report.isAccepted()));
        if (report.isAccepted()) {
          accepted.add(report);
        }
      }
      begins += phase.toMillis() / 1e3;
    }
    return new Course(samples, accepted);
  }

  private List<Report> steadily(Arrangement system, int openings) throws InterruptedException {
    return load.steadily(system.lock(), doors, openings, perSecond, Opening.Who.SOMEBODY);
  }

  private static void change(Phase phase, Arrangement system) throws InterruptedException {
    switch (phase) {
      case WELL -> {}
      case SLOW -> system.slowDown();
      case WELL_AGAIN -> system.speedUp();
      case DOWN -> system.takeDown();
      case WELL_AT_LAST -> system.bringBack();
    }
  }
}
