package io.smartdoor.bench;

import io.smartdoor.faults.FaultProxy;
import java.net.URI;
import java.time.Duration;
import java.util.List;

/**
 * The whole way under load: residents open doors as fast as doors are answered, and all of it is
 * over when every inbox entry says who it was and every queue is empty.
 */
record Chains(Load load, FaultProxy proxy, Arrivals arrivals, Site site, int openings) {

  private static final Duration LOOK = Duration.ofMillis(20);

  /**
   * @param perSecond openings accepted
   * @param chainsPerSecond openings seen through
   */
  record Result(double perSecond, double chainsPerSecond, List<Calls.Line> calls) {

    double requests() {
      return Calls.sum(calls);
    }
  }

  Result measure(URI lock, List<Door> doors) throws InterruptedException {
    arrivals.clear();
    proxy.calls().clear();
    var began = System.nanoTime();
    load.asFastAsPossible(lock, doors, openings, Opening.Who.A_RESIDENT);
    var accepted = (System.nanoTime() - began) / 1e9;
    Patience.until("all inboxes say who it was", LOOK, () -> arrivals.persons() >= openings);
    Patience.until("all queues are empty", LOOK, this::isDone);
    var seenThrough = (System.nanoTime() - began) / 1e9;
    return new Result(
        openings / accepted, openings / seenThrough, Calls.perEvent(proxy.calls().all(), openings));
  }

  private boolean isDone() {
    return site.depth("notification") == 0 && site.depth("identification") == 0;
  }
}
