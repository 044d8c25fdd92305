package io.smartdoor.bench;

import java.time.Duration;

/**
 * What a program did in one measurement.
 *
 * @param events how many
 * @param took from the first to the last
 * @param cpu of its process meanwhile
 */
record Work(int events, Duration took, Duration cpu) {

  /** Both, one after the other. */
  Work plus(Work next) {
    return new Work(events + next.events, took.plus(next.took), cpu.plus(next.cpu));
  }

  double perSecond() {
    return events * 1e9 / took.toNanos();
  }

  double cpuSecondsPerThousand() {
    return cpu.toNanos() / 1e9 * 1000 / events;
  }
}
