package io.smartdoor.proof;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Comparator.comparing;

import io.smartdoor.events.IdempotencyKey;
import io.smartdoor.proof.Plan.Sending;
import io.smartdoor.proof.Stage.Setting;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Lets hundreds of doors report to a SmartDoor in containers while the launcher replaces every
 * container of a service, and says which promises held.
 *
 * <p>Standard input has one line that says where everything is ({@link Premises}), and then those
 * of the update ({@link Update}). Standard output says {@code reporting} when the update may begin,
 * and the results in the end. Ends with 0 only if all promises held, if every service was replaced
 * while doors reported, and if the checker notices what is spoilt in these very findings.
 */
public final class ProveContainers {

  /**
   * An opening is some twelve calls and an execution, and LocalStack shares the machine with all
   * services and whatever else there is. What it cannot keep up with times out and is tried again,
   * until it does nothing else.
   */
  private static final double REPORTS_PER_SECOND = 1;

  /** No update takes as long: it is over before the doors have nothing left to say. */
  private static final Duration LONGEST = Duration.ofMinutes(10);

  /** For the instance that was started last to have something to do. */
  private static final Duration AFTERWARDS = Duration.ofSeconds(3);

  /** How long a door that is not answered goes on asking: longer than any service is away. */
  private static final Duration DOORS_PATIENCE = Duration.ofMinutes(2);

  private static final Duration SETTLE_LIMIT = Duration.ofMinutes(4);
  private static final Duration REMINDER = Duration.ofSeconds(15);
  private static final long LOOK_MILLIS = 500;

  /**
   * How long nothing must have moved: LocalStack passes an event on when it has answered already.
   */
  private static final Duration REST = Duration.ofSeconds(5);

  private static final String USAGE = "expected [--json] --seed S, found ";

  private ProveContainers() {}

  /** {@code [--json] --seed S}. */
  public static void main(String[] arguments) throws IOException {
    var options = Options.of(List.of(arguments));
    var console = new Console(System.err);
    var run = new Run(options, console);
    var began = System.nanoTime();
    var failure = Optional.<String>empty();
    try {
      run.follow(new BufferedReader(new InputStreamReader(System.in, UTF_8)));
    } catch (Exception | AssertionError e) {
      e.printStackTrace(console.errors());
      failure = Optional.of(e.toString());
    }
    var report = run.report(Duration.ofNanos(System.nanoTime() - began), failure);
    System.out.println(options.json() ? report.json() : report.text());
    System.exit(report.passed() ? 0 : 1);
  }

  /** One run; what it has shown until it fails is told all the same. */
  private static final class Run {

    private final Options options;
    private final Console console;
    private final Setting setting = Setting.forSoak();
    private final Clock clock = Clock.systemUTC();
    private final Requests requests = new Requests();
    private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
    private final CountDownLatch silence = new CountDownLatch(1);
    private Update update = new Update(List.of(), 0, false);
    private List<Violation> violations = List.of();
    private Optional<Spoilt> spoilt = Optional.empty();

    Run(Options options, Console console) {
      this.options = options;
      this.console = console;
    }

    void follow(BufferedReader lines) throws IOException, InterruptedException {
      var premises = Premises.read(Optional.ofNullable(lines.readLine()).orElse(""));
      try (var observer = new Observer(premises.aws(), clock);
          var http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
        var household = household(premises, http);
        var instances = List.of(premises.addressOf(Fleet.LOCK));
        beginsWell(household, instances, observer);
        reportDuring(lines, household, instances);
        console.say("- the update is over; waiting until nothing moves any more");
        settle(observer);
        var found = observer.findings(Optional.empty());
        violations = Checker.check(setting.recipients(), requests.all(), found);
        spoilt = Optional.of(Spoilt.check(setting.recipients(), requests.all(), found));
      }
    }

    private Household household(Premises premises, HttpClient http) throws InterruptedException {
      console.say("- registering %d doors".formatted(setting.doors()));
      return Household.register(
          new Admin(premises::addressOf, http, premises.adminToken()),
          http,
          clock,
          requests,
          setting.doors(),
          setting.patience(),
          setting.recipients());
    }

    /** An opening passes through everything before anything is replaced. */
    private void beginsWell(Household household, List<URI> instances, Observer observer)
        throws InterruptedException {
      household
          .door()
          .report(
              new IdempotencyKey(UUID.randomUUID()),
              Opening.BY_A_RESIDENT,
              clock.instant(),
              () -> instances,
              0,
              DOORS_PATIENCE);
      observer
          .settle(Stage.LIMIT, LOOK_MILLIS)
          .ifPresent(it -> {
            throw new IllegalStateException("nothing was replaced, and yet " + it);
          });
    }

    /** Doors report until the update is over, and a little longer. */
    private void reportDuring(BufferedReader lines, Household household, List<URI> instances)
        throws IOException, InterruptedException {
      var plan = Plan.ofDoors(options.seed(), LONGEST, REPORTS_PER_SECOND);
      var reporting =
          new Reporting(
              household, () -> instances, clock.instant(), () -> DOORS_PATIENCE, failures::add);
      try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
        threads.execute(() -> report(plan, reporting, threads));
        try {
          System.out.println("reporting");
          update = Update.follow(lines, requests::count);
          if (update.over()) {
            TimeUnit.MILLISECONDS.sleep(AFTERWARDS.toMillis());
          }
        } finally {
          silence.countDown();
        }
      }
      if (!update.over()) {
        throw new IllegalStateException("the update was broken off");
      }
      if (!failures.isEmpty()) {
        var failure = new IllegalStateException("the doors themselves failed: " + failures.peek());
        failures.forEach(failure::addSuppressed);
        throw failure;
      }
    }

    @FunctionalInterface
    private interface Step {
      void take() throws Exception;
    }

    private record Due(Duration at, Step step) {}

    private void report(Plan plan, Reporting reporting, Executor threads) {
      var began = System.nanoTime();
      var all = plan.sendings().stream().flatMap(it -> dues(it, reporting));
      try {
        for (var due : all.sorted(comparing(Due::at)).toList()) {
          var left = due.at().toNanos() - (System.nanoTime() - began);
          if (silence.await(left, TimeUnit.NANOSECONDS)) {
            return;
          }
          threads.execute(() -> take(due.step()));
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    private static Stream<Due> dues(Sending it, Reporting reporting) {
      return Stream.concat(
          Stream.of(new Due(it.at(), () -> reporting.send(it))),
          it.repeats().stream()
              .map(again ->
                  new Due(it.at().plus(again.after()), () -> reporting.repeat(it, again))));
    }

    private void take(Step step) {
      try {
        step.take();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } catch (Exception | Error e) {
        failures.add(e);
      }
    }

    private void settle(Observer observer) throws InterruptedException {
      var now = System.nanoTime();
      var end = now + SETTLE_LIMIT.toNanos();
      var restless = now;
      var reminded = now;
      while (now - restless < REST.toNanos() && now < end) {
        TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
        var unrest = observer.unrest();
        now = System.nanoTime();
        if (unrest.isPresent()) {
          restless = now;
          if (now - reminded > REMINDER.toNanos()) {
            console.say("  " + unrest.get());
            reminded = now;
          }
        }
      }
    }

    UpgradeReport report(Duration took, Optional<String> failure) {
      return new UpgradeReport(
          options.seed(),
          Fleet.SERVICES.size(),
          update.replaced(),
          update.ended(),
          requests.all(),
          violations,
          spoilt,
          took,
          failure);
    }
  }

  private record Options(boolean json, long seed) {

    static Options of(List<String> arguments) {
      var json = false;
      var seed = Optional.<Long>empty();
      for (var i = 0; i < arguments.size(); i++) {
        var word = arguments.get(i);
        if (word.equals("--json")) {
          json = true;
        } else if (word.equals("--seed") && i + 1 < arguments.size()) {
          seed = Optional.of(Long.parseLong(arguments.get(++i)));
        } else {
          throw new IllegalArgumentException(USAGE + word);
        }
      }
      return new Options(
          json, seed.orElseThrow(() -> new IllegalArgumentException(USAGE + "no seed")));
    }
  }
}
