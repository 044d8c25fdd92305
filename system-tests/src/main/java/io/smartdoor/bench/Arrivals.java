package io.smartdoor.bench;

import io.smartdoor.faults.AwsCall;
import io.smartdoor.faults.AwsService;
import io.smartdoor.faults.Fault.RunAfter;
import io.smartdoor.faults.FaultProxy;
import io.smartdoor.faults.Match;
import io.smartdoor.faults.Then;
import io.smartdoor.faults.Times;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * When something came into an inbox: just after AWS has executed the write, seen at the proxy, and
 * so at the same cost whoever writes.
 */
final class Arrivals {

  private static final Duration LOOK = Duration.ofMillis(50);

  /** By the key of the door's event, by {@link System#nanoTime}. */
  private final Map<UUID, Long> first = new ConcurrentHashMap<>();

  private final Map<UUID, Long> persons = new ConcurrentHashMap<>();

  private Arrivals() {}

  static Arrivals watch(FaultProxy proxy, String inboxTable) {
    var arrivals = new Arrivals();
    proxy.inject(
        new RunAfter((call, _) -> arrivals.add(call), Then.CONTINUE),
        Match.of(AwsService.DYNAMODB, "TransactWriteItems").on(inboxTable).succeeding(),
        Times.always());
    return arrivals;
  }

  private void add(AwsCall call) {
    var now = System.nanoTime();
    call.body()
        .path("TransactItems")
        .valueStream()
        .map(it -> it.path("Put").path("Item"))
        .filter(it -> it.has("item"))
        .forEach(it -> {
          var key = UUID.fromString(it.path("item").path("S").stringValue());
          first.putIfAbsent(key, now);
          if (it.path("detail-type").path("S").stringValue().equals("Person Identified")) {
            persons.putIfAbsent(key, now);
          }
        });
  }

  /** When the first word of a chain arrived. */
  OptionalLong of(UUID key) {
    var at = first.get(key);
    return at == null ? OptionalLong.empty() : OptionalLong.of(at);
  }

  /**
   * Waits for all of them, but not for ever.
   *
   * @return how many have arrived
   */
  long awaitAll(List<UUID> keys) throws InterruptedException {
    try {
      Patience.until("all are in the inbox", LOOK, () -> first.keySet().containsAll(keys));
    } catch (IllegalStateException _) {
      // What is missing is what is to be found out.
    }
    return keys.stream().filter(first::containsKey).count();
  }

  /** How many chains have arrived. */
  int count() {
    return first.size();
  }

  /** How many chains have told who it was. */
  int persons() {
    return persons.size();
  }

  void clear() {
    first.clear();
    persons.clear();
  }
}
