package io.smartdoor.bench;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * How long it takes from a door to the inbox, while little happens: doors tell of openings at a
 * tenth of the rate that the whole way can take.
 */
record Reaching(Load load, Arrivals arrivals, List<Door> doors, int openings, double perSecond) {

  private static final Duration LOOK = Duration.ofMillis(10);

  /** Milliseconds until each opening was in the inbox. */
  List<Double> measure(URI lock) throws InterruptedException {
    arrivals.clear();
    var reports =
        Load.demandAccepted(
            load.steadily(lock, doors, openings, perSecond, Opening.Who.SOMEBODY), openings);
    Patience.until("all are in the inbox", LOOK, () -> arrivals.count() >= openings);
    return reports.stream()
        .flatMap(it -> {
          var arrived = arrivals.of(it.opening().key());
          return arrived.isEmpty()
              ? Stream.empty()
              : Stream.of((arrived.getAsLong() - it.due()) / 1e6);
        })
        .toList();
  }
}
