package io.smartdoor.proof;

import io.smartdoor.events.IdempotencyKey;
import io.smartdoor.proof.Plan.Repeat;
import io.smartdoor.proof.Plan.Sending;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Doors that report as a {@link Plan} says. Safe for use by several threads.
 *
 * @param instances of the lock service that can be asked at this moment
 * @param epoch when the plan begins
 * @param patience how long a door still goes on that asks until it is answered
 * @param failures gets what must not be: such a door without an answer
 */
record Reporting(
    Household household,
    Supplier<List<URI>> instances,
    Instant epoch,
    Supplier<Duration> patience,
    Consumer<Throwable> failures) {

  void send(Sending it) throws InterruptedException {
    ask(it.door(), it.key(), it.opening(), it.at(), it.instance(), it.persistent());
  }

  void repeat(Sending it, Repeat again) throws InterruptedException {
    var persistent = it.persistent();
    switch (again.sameness()) {
      case ALL -> ask(it.door(), it.key(), it.opening(), it.at(), again.instance(), persistent);
      case OTHER_BODY ->
          ask(it.door(), it.key(), other(it.opening()), it.at(), again.instance(), persistent);
      case OTHER_DOOR ->
          ask(
              (it.door() + 1) % household.doors().size(),
              it.key(),
              it.opening(),
              it.at(),
              again.instance(),
              persistent);
    }
  }

  private static Opening other(Opening opening) {
    return switch (opening) {
      case BY_HAND -> Opening.BY_A_RESIDENT;
      case BY_A_RESIDENT -> Opening.BY_A_STRANGER;
      case BY_A_STRANGER -> Opening.CLOSING;
      case CLOSING -> Opening.BY_HAND;
    };
  }

  private void ask(
      int door, IdempotencyKey key, Opening opening, Duration at, int instance, boolean persistent)
      throws InterruptedException {
    var when = epoch.plus(at);
    var asking = household.doors().get(door);
    if (persistent) {
      var answer = asking.report(key, opening, when, instances, instance, patience.get());
      if (answer.isEmpty()) {
        failures.accept(
            new AssertionError("expected an answer about %s, found none".formatted(key)));
      }
    } else {
      var those = instances.get();
      if (!those.isEmpty()) {
        asking.reportOnce(key, opening, when, those.get(instance % those.size()));
      }
    }
  }
}
