package io.smartdoor.proof;

import io.smartdoor.events.IdempotencyKey;
import io.smartdoor.faults.AwsOperation;
import io.smartdoor.faults.FaultProxy;
import io.smartdoor.faults.Match;
import io.smartdoor.infra.testing.LocalAws;
import io.smartdoor.permissions.Policies;
import io.smartdoor.permissions.Usage;
import io.smartdoor.proof.Violation.Kind;
import io.smartdoor.proof.Webhook.Answer;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** A running SmartDoor behind a fault proxy, a door in front of it, and somebody who checks. */
final class Stage implements AutoCloseable {

  /** Long for a busy machine; what is lost does not come back by waiting. */
  static final Duration LIMIT = Duration.ofSeconds(60);

  /** How often the door knocks before it starts to count. */
  private static final int WARM_UPS = 4;

  private static final long PAUSE_MILLIS = 50;

  /**
   * What is set up.
   *
   * @param instances how many of each service
   * @param patience of a door, for one answer
   * @param visibility for so many seconds a queue hides a message that was received: a little
   *     longer than the lease, so that one redelivery after a crash is enough
   * @param timing settings of the services: short leases, so that what a crash leaves is soon taken
   *     up
   */
  record Setting(
      Map<String, Integer> instances,
      int doors,
      Duration patience,
      Set<Recipient> recipients,
      int visibility,
      Map<String, String> timing) {

    /** For one crash at a time. */
    static Setting forCrashes() {
      return new Setting(
          Map.of(Fleet.LOCK, 3, Checker.NOTIFICATION, 3, Checker.IDENTIFICATION, 2),
          1,
          Duration.ofSeconds(2),
          Set.of(new Recipient("me", false)),
          3,
          Map.of(
              "SMARTDOOR_MESSAGING_LEASE", "2s",
              "SMARTDOOR_MESSAGING_RETRYDELAY", "200ms",
              "SMARTDOOR_MESSAGING_LONGESTRETRYDELAY", "1s",
              "SMARTDOOR_MESSAGING_POLLTIMEOUT", "1s",
              // Read anew every time, so that these calls are crashed, too.
              "SMARTDOOR_LOCK_REMEMBEREDDOORS_REMOVALSSEENAFTER", "0s",
              "SMARTDOOR_NOTIFICATION_MEMORY_KEPT", "0s",
              "SMARTDOOR_LOCK_OUTBOX_LEASE", "2s",
              "SMARTDOOR_LOCK_OUTBOX_SWEEPPERIOD", "1s",
              "SMARTDOOR_LOCK_OUTBOX_FIRSTRETRYDELAY", "200ms",
              "SMARTDOOR_LOCK_OUTBOX_LONGESTRETRYDELAY", "1s"));
    }

    /** For trouble that lasts: ten attempts take longer than any outage, as they do outside. */
    static Setting forSoak() {
      return new Setting(
          Map.of(Fleet.LOCK, 2, Checker.NOTIFICATION, 2, Checker.IDENTIFICATION, 2),
          Plan.DOORS,
          Duration.ofSeconds(5),
          Set.of(
              new Recipient("me", false),
              new Recipient("neighbour", false),
              new Recipient("night-watch", true)),
          5,
          Map.of(
              "SMARTDOOR_MESSAGING_LEASE", "4s",
              "SMARTDOOR_MESSAGING_RETRYDELAY", "500ms",
              "SMARTDOOR_MESSAGING_LONGESTRETRYDELAY", "8s",
              "SMARTDOOR_MESSAGING_POLLTIMEOUT", "1s",
              // Doors that repeat themselves until they are answered are not the flood that this
              // limits.
              "SMARTDOOR_LOCK_WEBHOOKS_DOORRATE", "1000",
              "SMARTDOOR_LOCK_WEBHOOKS_DOORBURST", "1000",
              "SMARTDOOR_LOCK_OUTBOX_LEASE", "4s",
              "SMARTDOOR_LOCK_OUTBOX_SWEEPPERIOD", "1s",
              "SMARTDOOR_LOCK_OUTBOX_FIRSTRETRYDELAY", "200ms",
              "SMARTDOOR_LOCK_OUTBOX_LONGESTRETRYDELAY", "2s"));
    }
  }

  private final Setting setting;
  private final LocalAws aws;
  private final Clock clock;
  private final Supplier<UUID> ids;
  private final FaultProxy proxy;
  private final Fleet fleet;
  private final Observer observer;
  private final Poisoner poisoner;
  private final Placements placements;
  private final Policies policies;
  private final Usage usage;
  private final Admin admin;
  private final Requests requests = new Requests();
  private final Household household;
  private final Set<Violation> known = new HashSet<>();

  private Stage(
      Setting setting,
      LocalAws aws,
      Map<String, Path> jars,
      Path logs,
      Clock clock,
      Supplier<UUID> ids)
      throws InterruptedException {
    var http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    this.setting = setting;
    this.aws = aws;
    this.clock = clock;
    this.ids = ids;
    var adminToken = ids.get().toString();
    policies = Policies.deployedAt(aws, http, Fleet.SERVICES);
    proxy = FaultProxy.to(aws.endpoint(), clock);
    usage = Usage.of(proxy, aws);
    // What the sweeper looks at again and again, whether or not anything is there.
    proxy.treatAsIdle(Match.of(AwsOperation.QUERY).index("pending"));
    proxy.treatAsIdle(Match.of(AwsOperation.QUERY).index("parked"));
    placements = Placements.watch(proxy, aws.output("notification", "InboxTable"));
    observer = new Observer(aws, clock);
    poisoner = new Poisoner(aws, clock, requests);
    fleet = new Fleet(aws, proxy, setting.timing(), jars, logs, http, adminToken);
    admin = new Admin(it -> fleet.addressesOf(it).getFirst(), http, adminToken);
    try {
      fleet.start(setting.instances());
      household =
          Household.register(
              admin,
              http,
              clock,
              requests,
              setting.doors(),
              setting.patience(),
              setting.recipients());
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
  static Stage set(
      Setting setting, Map<String, Path> jars, Path logs, Clock clock, Supplier<UUID> ids)
      throws InterruptedException {
    var parameters = Map.of("VisibilityTimeout", Integer.toString(setting.visibility()));
    var aws = LocalAws.inItsOwnAccount(parameters, "lock", "notification", "identification");
    return new Stage(setting, aws, jars, logs, clock, ids);
  }

  Setting setting() {
    return setting;
  }

  LocalAws aws() {
    return aws;
  }

  Poisoner poisoner() {
    return poisoner;
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

  /** Name of what notification's stack has made. */
  String nameOf(String output) {
    return aws.output(Checker.NOTIFICATION, output);
  }

  Instant now() {
    return clock.instant();
  }

  IdempotencyKey newKey() {
    return new IdempotencyKey(ids.get());
  }

  /** Lets the door tell of an opening until it is answered. */
  Optional<Answer> report(IdempotencyKey key, Opening opening) throws InterruptedException {
    return household
        .door()
        .report(key, opening, now(), () -> fleet.addressesOf(Fleet.LOCK), 0, LIMIT);
  }

  /** Lets the door tell of it once. */
  Optional<Answer> reportOnce(IdempotencyKey key, Opening opening) throws InterruptedException {
    return household
        .door()
        .reportOnce(key, opening, now(), fleet.addressesOf(Fleet.LOCK).getFirst());
  }

  /** Lets the door send a picture once; the status that it was answered, if it was. */
  OptionalInt photograph(IdempotencyKey snapshot, byte[] picture) throws InterruptedException {
    return household.door().photograph(snapshot, picture, fleet.addressesOf(Fleet.LOCK).getFirst());
  }

  /** Puts down an acceptance that the door itself never saw: its next answer has to be the same. */
  void answerWasWritten(IdempotencyKey key, Opening opening, String body) {
    var answer = new Answer(Answer.ACCEPTED, body);
    requests.add(new Webhook(key, household.door().id(), opening, Optional.of(answer)));
  }

  /** Whether every request under this key was answered. */
  boolean wasAnswered(IdempotencyKey key) {
    return requests.wereAnswered(key);
  }

  /**
   * Waits until nothing moves any more.
   *
   * @return what still does when the limit has passed
   */
  Optional<String> settle(Duration limit) throws InterruptedException {
    return settle(limit, PAUSE_MILLIS);
  }

  /**
   * @param pauseMillis from one look to the next; where there is much, a look takes long itself
   */
  Optional<String> settle(Duration limit, long pauseMillis) throws InterruptedException {
    return observer.settle(limit, pauseMillis);
  }

  /** Promises that were broken since the last look. */
  List<Violation> newViolations() {
    var broken = Checker.check(household.recipients(), requests.all(), findings());
    var refused =
        policies.refusals(usage).stream().map(it -> new Violation(Kind.NOT_PERMITTED, it));
    return Stream.concat(broken.stream(), refused).filter(known::add).toList();
  }

  /** What becomes of the verdict where the same findings are spoilt. */
  Spoilt spoilt() {
    return Spoilt.check(household.recipients(), requests.all(), findings());
  }

  private Findings findings() {
    return observer.findings(Optional.of(placements.all()));
  }

  /** What services may do by their roles. */
  Policies policies() {
    return policies;
  }

  /** What services have needed so far. */
  Usage usage() {
    return usage;
  }

  /** Whoever holds the admin token. */
  Admin admin() {
    return admin;
  }

  Asked asked() {
    return requests.all();
  }

  /** How often a door has asked. */
  int webhooks() {
    return requests.count();
  }

  @Override
  public void close() {
    fleet.close();
    poisoner.close();
    observer.close();
    proxy.close();
  }
}
