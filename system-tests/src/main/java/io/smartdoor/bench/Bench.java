package io.smartdoor.bench;

import io.smartdoor.bench.Figure.Round;
import io.smartdoor.bench.Figure.Target;
import io.smartdoor.bench.Options.Part;
import io.smartdoor.bench.Rounds.Pair;
import io.smartdoor.bench.Rounds.Turns;
import io.smartdoor.faults.Caller;
import io.smartdoor.faults.FaultProxy;
import io.smartdoor.infra.testing.LocalAws;
import io.smartdoor.proof.Logs;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.ToDoubleFunction;
import java.util.random.RandomGenerator;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.eventbridge.EventBridgeClient;

/**
 * Measures SmartDoor against raw code that makes the same AWS calls, in one run on one emulator.
 *
 * <p>Ends with 0 only if every figure that was asked for is reached, or with {@code --tolerant} in
 * one round at least.
 */
public final class Bench {

  private Bench() {}

  /**
   * {@code [--json] [--tolerant] [--rounds N] [--only PART]… [--docs FOLDER] SERVICE=JAR…}, where a
   * service is {@code lock}, say.
   */
  public static void main(String[] arguments) throws IOException {
    var options = Options.of(List.of(arguments));
    var logs = Logs.folder("smartdoor-bench-", System.err);
    System.err.println("- logs of the services are in " + logs);
    var report = new Run(options, logs).report();
    System.out.println(options.json() ? report.json() : report.text());
    options.docs().ifPresent(it -> Charts.write(report, it));
    var passed = options.tolerant() ? report.isTolerable() : report.passed();
    if (passed) {
      Logs.remove(logs);
    }
    System.exit(passed ? 0 : 1);
  }

  /** One run; what it has measured until it fails is told all the same. */
  private static final class Run {

    private static final int BACKLOG = 1_000;
    private static final int WEBHOOKS = 600;

    /** A backlog is worked off, and so many webhooks are answered, in one or two seconds. */
    private static final int TURNS = 3;

    private static final int OPENINGS = 150;
    private static final int CHAINS = 400;
    private static final List<Integer> SIZES = List.of(10, 1_000, 10_000);
    private static final int DOORS = 10;
    private static final double DISTURBED_PER_SECOND = 20;
    private static final Duration PHASE = Duration.ofSeconds(6);

    /** At which doors tell of openings while the way to the inbox is timed, of the slowest part. */
    private static final double TENTH = 0.1;

    /** Where the parts that say it were left out. */
    private static final double USUAL_RATE = 200;

    private final Options options;
    private final Clock clock = Clock.systemUTC();
    private final HttpClient http =
        HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Load load = new Load(http, clock, RandomGenerator.of("L64X128MixRandom"));
    private final Program.Starter starter;
    private final Household household;
    private final List<Figure> figures = new ArrayList<>();
    private List<Calls.Line> calls = List.of();
    private Optional<Growth> growth = Optional.empty();
    private Optional<Findings.Disturbed> disturbed = Optional.empty();
    private final List<Pair<Work>> cpu = new ArrayList<>();
    private double slowest = USUAL_RATE;

    Run(Options options, Path logs) {
      var adminToken = UUID.randomUUID().toString();
      this.options = options;
      this.starter = new Program.Starter(options.jars(), logs, http, adminToken);
      this.household = new Household(http, adminToken, clock);
    }

    Report report() {
      var began = System.nanoTime();
      var failure = Optional.<String>empty();
      try {
        measure();
      } catch (Exception | AssertionError e) {
        e.printStackTrace();
        failure = Optional.of(e.toString());
      }
      return new Report(
          new Findings(figures, calls, growth, disturbed),
          conditions(),
          Duration.ofNanos(System.nanoTime() - began),
          failure);
    }

    private List<Report.Condition> conditions() {
      return List.of(
          new Report.Condition(
              "backlog", "%d messages, %d times a round".formatted(BACKLOG, TURNS)),
          new Report.Condition(
              "webhooks",
              "%d, %d times a round, %d at a time".formatted(WEBHOOKS, TURNS, Load.AT_ONCE)),
          new Report.Condition(
              "processors", Integer.toString(Runtime.getRuntime().availableProcessors())));
    }

    private void measure() throws InterruptedException {
      try (var subject = Site.with(clock, "lock", "notification");
          var floor = Site.with(clock, "lock", "notification")) {
        if (options.has(Part.ACCEPT)) {
          accept(subject, floor);
        }
        if (options.has(Part.DRAIN)) {
          drain(subject, floor);
        }
        if (!cpu.isEmpty()) {
          cpu();
        }
        if (options.has(Part.LATENCY)) {
          reach(subject, floor);
        }
      }
      if (options.has(Part.REQUESTS) || options.has(Part.BASELINE)) {
        wholeWay();
      }
    }

    private void accept(Site subject, Site floor) throws InterruptedException {
      say("- accepting webhooks");
      try (var lock = starter.service("lock", subject.aws(), subject.aws().endpoint());
          var raw = starter.floor("lock", floor.aws(), floor.aws().endpoint())) {
        var doors = household.doors(lock.address(), 0, DOORS);
        var accepting = new Accepting(load, doors, WEBHOOKS);
        var pairs =
            Rounds.of(
                options.rounds(),
                new Turns<>(TURNS, Accepting.Result::plus),
                () -> accepting.measure(subject, lock),
                () -> accepting.measure(floor, raw),
                told("/s", it -> it.accepted().perSecond()));
        add(
            "accept-rate",
            "webhooks accepted, relay running",
            "/s",
            Target.atLeast(0.85),
            pairs,
            it -> it.accepted().perSecond());
        add(
            "publish-rate",
            "webhooks accepted and published",
            "/s",
            Target.atLeast(0.85),
            pairs,
            it -> it.published().perSecond());
        cpu.addAll(
            pairs.stream()
                .map(it -> new Pair<>(it.subject().accepted(), it.floor().accepted()))
                .toList());
        subject.purge("notification");
        floor.purge("notification");
      }
    }

    private void drain(Site subject, Site floor) throws InterruptedException {
      say("- working off backlogs");
      try (var consumer = starter.service("notification", subject.aws(), subject.aws().endpoint());
          var raw = starter.floor("notification", floor.aws(), floor.aws().endpoint())) {
        household.recipient(consumer.address());
        var draining = new Draining(BACKLOG);
        var pairs =
            Rounds.of(
                options.rounds(),
                new Turns<>(TURNS, Work::plus),
                () -> draining.measure(subject, consumer),
                () -> draining.measure(floor, raw),
                told("/s", Work::perSecond));
        add(
            "drain-rate",
            "notification's backlog worked off",
            "/s",
            Target.atLeast(0.9),
            pairs,
            Work::perSecond);
        slowest = Statistics.median(pairs.stream().map(it -> it.subject().perSecond()).toList());
        if (cpu.isEmpty()) {
          cpu.addAll(pairs);
        } else {
          for (var i = 0; i < cpu.size(); i++) {
            var lock = cpu.get(i);
            var consumed = pairs.get(i);
            cpu.set(
                i,
                new Pair<>(
                    both(lock.subject(), consumed.subject()),
                    both(lock.floor(), consumed.floor())));
          }
        }
      }
    }

    /** The CPU that an event takes in one and in the other. */
    private static Work both(Work one, Work other) {
      return new Work(
          one.events(),
          one.took(),
          one.cpu().plus(other.cpu().multipliedBy(one.events()).dividedBy(other.events())));
    }

    private void cpu() {
      add(
          "cpu",
          "CPU of lock and notification per 1,000 events",
          "s",
          Target.atMost(1.5),
          cpu,
          Work::cpuSecondsPerThousand);
    }

    private void reach(Site subject, Site floor) throws InterruptedException {
      say("- timing the way to the inbox");
      try (var proxy = FaultProxy.to(subject.aws().endpoint(), clock);
          var lock = starter.service("lock", subject.aws(), proxy.endpointFor(Caller.of("lock")));
          var notification =
              starter.service(
                  "notification", subject.aws(), proxy.endpointFor(Caller.of("notification")));
          var rawLock =
              starter.floor("lock", floor.aws(), proxy.endpointFor(Caller.of("raw-lock")));
          var rawNotification =
              starter.floor(
                  "notification", floor.aws(), proxy.endpointFor(Caller.of("raw-notification")))) {
        say("  %s, %s, %s and %s".formatted(lock, notification, rawLock, rawNotification));
        household.recipient(notification.address());
        var doors = household.doors(lock.address(), DOORS, 2 * DOORS);
        var arrivals = Arrivals.watch(proxy, subject.aws().output("notification", "InboxTable"));
        var reaching = new Reaching(load, arrivals, doors, OPENINGS, slowest * TENTH);
        var pairs =
            Rounds.of(
                options.rounds(),
                new Turns<>(1, (first, _) -> first),
                () -> reaching.measure(lock.address()),
                () -> reaching.measure(rawLock.address()),
                told("ms", it -> Statistics.percentile(it, 50)));
        for (var percent : List.of(50, 99)) {
          add(
              "door-to-inbox-p" + percent,
              "door to inbox, p%d, at %.0f a second".formatted(percent, slowest * TENTH),
              "ms",
              Target.atMost(1.3),
              pairs,
              it -> Statistics.percentile(it, percent));
        }
      }
    }

    private void wholeWay() throws InterruptedException {
      say("- the whole way");
      try (var site = Site.with(clock, "lock", "notification", "identification");
          var proxy = FaultProxy.to(site.aws().endpoint(), clock);
          var lock = starter.service("lock", site.aws(), proxy.endpointFor(Caller.of("lock")));
          var identification =
              starter.service(
                  "identification", site.aws(), proxy.endpointFor(Caller.of("identification")))) {
        ByEvents.Start start =
            () ->
                starter.service(
                    "notification", site.aws(), proxy.endpointFor(Caller.of("notification")));
        var notification = start.run();
        household.recipient(notification.address());
        household.resident(notification.address(), identification.address());
        var arrivals = Arrivals.watch(proxy, site.aws().output("notification", "InboxTable"));
        var doors = new ArrayList<>(household.doors(lock.address(), 0, DOORS));
        try (var events =
            new ByEvents(lock.address(), proxy, Disturbance.SLOWNESS, notification, start)) {
          if (options.has(Part.BASELINE)) {
            baseline(events, arrivals, doors, proxy);
          }
          if (options.has(Part.REQUESTS)) {
            grow(new Chains(load, proxy, arrivals, site, CHAINS), lock, doors);
          }
        }
      }
    }

    private void grow(Chains chains, Program lock, List<Door> doors) throws InterruptedException {
      var sizes = new ArrayList<Growth.Size>();
      var rounds = new ArrayList<Round>();
      var lines = new ArrayList<List<Calls.Line>>();
      chains.measure(lock.address(), doors); // warms up
      for (var size : SIZES) {
        say("- with %d doors".formatted(size));
        doors.addAll(household.doors(lock.address(), doors.size(), size));
        var rates = new ArrayList<Double>();
        var requests = new ArrayList<Double>();
        for (var i = 0; i < options.rounds(); i++) {
          var result = chains.measure(lock.address(), doors);
          rates.add(result.chainsPerSecond());
          requests.add(result.requests());
          rounds.add(new Round(result.requests(), Calls.neededInAll()));
          lines.add(result.calls());
        }
        sizes.add(new Growth.Size(size, rates, requests));
      }
      figures.add(
          new Figure(
              "requests",
              "AWS requests per door event, all services",
              "",
              Target.atMost(1.15),
              rounds));
      calls = Calls.medians(lines);
      growth = Optional.of(new Growth(sizes));
    }

    private void baseline(ByEvents events, Arrivals arrivals, List<Door> doors, FaultProxy proxy)
        throws InterruptedException {
      say("- disturbing notification");
      var disturbance = new Disturbance(load, doors, DISTURBED_PER_SECOND, PHASE);
      try (var site = Site.with(clock, "lock", "notification")) {
        var without = requestResponse(disturbance, site.aws(), proxy);
        arrivals.clear();
        var with = disturbance.run(events);
        var keys = with.accepted().stream().map(it -> it.opening().key()).toList();
        var inInbox = arrivals.awaitAll(keys);
        disturbed =
            Optional.of(new Findings.Disturbed(with, without, inInbox / (double) keys.size()));
      }
    }

    private Disturbance.Course requestResponse(
        Disturbance disturbance, LocalAws aws, FaultProxy proxy) throws InterruptedException {
      var clients =
          new RawClients(
              proxy.endpointFor(Caller.of("request-response")), aws.region(), aws.account());
      try (var dynamoDb = clients.build(DynamoDbClient.builder());
          var eventBridge = clients.build(EventBridgeClient.builder());
          var requestResponse =
              new RequestResponse(
                  http,
                  new RawLock(
                      dynamoDb,
                      aws.output("lock", "OutboxTable"),
                      eventBridge,
                      aws.output("bus", "Name"),
                      clock),
                  RawInbox.of(
                      dynamoDb,
                      aws.output("notification", "InboxTable"),
                      aws.output("notification", "RecipientsTable"),
                      clock),
                  Disturbance.SLOWNESS)) {
        return disturbance.run(requestResponse);
      }
    }

    private <T> void add(
        String id,
        String what,
        String unit,
        Target target,
        List<Pair<T>> pairs,
        ToDoubleFunction<T> value) {
      var rounds =
          pairs.stream()
              .map(it ->
                  new Round(value.applyAsDouble(it.subject()), value.applyAsDouble(it.floor())))
              .toList();
      var figure = new Figure(id, what, unit, target, rounds);
      figures.add(figure);
      say("  %s: %.2f (%s)".formatted(what, figure.ratio(), target));
    }

    private static <T> Consumer<Pair<T>> told(String unit, ToDoubleFunction<T> value) {
      return pair ->
          say(
              "    %.1f %s against %.1f"
                  .formatted(
                      value.applyAsDouble(pair.subject()),
                      unit,
                      value.applyAsDouble(pair.floor())));
    }

    private static void say(String text) {
      System.err.println(text);
    }
  }
}
