package io.smartdoor.proof;

import io.smartdoor.events.IdempotencyKey;
import io.smartdoor.faults.AwsOperation;
import io.smartdoor.faults.FaultProxy;
import io.smartdoor.faults.Match;
import io.smartdoor.infra.testing.LocalAws;
import io.smartdoor.proof.Webhook.Answer;
import io.smartdoor.proof.Webhook.Opening;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** A running SmartDoor behind a fault proxy, a door in front of it, and somebody who checks. */
final class Stage implements AutoCloseable {

  /** Long for a busy machine; what is lost does not come back by waiting. */
  static final Duration LIMIT = Duration.ofSeconds(60);

  /** How often the door knocks before it starts to count. */
  private static final int WARM_UPS = 4;

  private static final Map<String, Integer> INSTANCES =
      Map.of(Fleet.LOCK, 2, Checker.NOTIFICATION, 3, Checker.IDENTIFICATION, 2);

  /** Seconds: a little longer than the lease, so that one redelivery after a crash is enough. */
  private static final Map<String, String> PARAMETERS = Map.of("VisibilityTimeout", "3");

  private static final long PAUSE_MILLIS = 50;

  private final Clock clock;
  private final Supplier<UUID> ids;
  private final FaultProxy proxy;
  private final Fleet fleet;
  private final Observer observer;
  private final Placements placements;
  private final Requests requests = new Requests();
  private final Household household;
  private final Set<Violation> known = new HashSet<>();

  private Stage(LocalAws aws, Map<String, Path> jars, Path logs, Clock clock, Supplier<UUID> ids)
      throws InterruptedException {
    var http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    this.clock = clock;
    this.ids = ids;
    var adminToken = ids.get().toString();
    proxy = FaultProxy.to(aws.endpoint(), clock);
    // What the sweeper looks at again and again, whether or not anything is there.
    proxy.treatAsIdle(Match.of(AwsOperation.QUERY).index("pending"));
    proxy.treatAsIdle(Match.of(AwsOperation.QUERY).index("parked"));
    placements = Placements.watch(proxy, aws.output("notification", "InboxTable"));
    observer = new Observer(aws, clock);
    fleet = new Fleet(aws, proxy, jars, logs, http, adminToken);
    try {
      fleet.start(INSTANCES);
      household = Household.register(fleet, http, clock, adminToken, requests);
      for (var i = 0; i < WARM_UPS; i++) {
        report(newKey(), Opening.BY_A_RESIDENT);
      }
      settle(LIMIT);
    } catch (InterruptedException | RuntimeException e) {
      close();
      throw e;
    }
  }

  /** Deploys, starts and registers everything; the first events have passed. */
  static Stage set(Map<String, Path> jars, Path logs, Clock clock, Supplier<UUID> ids)
      throws InterruptedException {
    var aws = LocalAws.inItsOwnAccount(PARAMETERS, "lock", "notification", "identification");
    return new Stage(aws, jars, logs, clock, ids);
  }

  FaultProxy proxy() {
    return proxy;
  }

  Fleet fleet() {
    return fleet;
  }

  Household household() {
    return household;
  }

  Instant now() {
    return clock.instant();
  }

  IdempotencyKey newKey() {
    return new IdempotencyKey(ids.get());
  }

  /** Lets the door tell of an opening until it is answered. */
  Optional<Answer> report(IdempotencyKey key, Opening opening) throws InterruptedException {
    return household.door().report(key, opening, () -> fleet.addressesOf(Fleet.LOCK), LIMIT);
  }

  /** Lets the door tell of it once. */
  Optional<Answer> reportOnce(IdempotencyKey key, Opening opening) throws InterruptedException {
    return household.door().reportOnce(key, opening, fleet.addressesOf(Fleet.LOCK).getFirst());
  }

  /** Whether every request under this key was answered. */
  boolean wasAnswered(IdempotencyKey key) {
    return requests.all().stream()
        .filter(it -> it.key().equals(key))
        .allMatch(it -> it.answer().isPresent());
  }

  /**
   * Waits until nothing moves any more.
   *
   * @return what still does when the limit has passed
   */
  Optional<String> settle(Duration limit) throws InterruptedException {
    var end = System.nanoTime() + limit.toNanos();
    var unrest = observer.unrest();
    while (unrest.isPresent() && System.nanoTime() < end) {
      TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
      unrest = observer.unrest();
    }
    return unrest;
  }

  /** Promises that were broken since the last look. */
  List<Violation> newViolations() {
    var all =
        Checker.check(household.recipients(), requests.all(), observer.findings(placements.all()));
    return all.stream().filter(known::add).toList();
  }

  /** How often a door has asked. */
  int webhooks() {
    return requests.all().size();
  }

  @Override
  public void close() {
    fleet.close();
    observer.close();
    proxy.close();
  }
}
