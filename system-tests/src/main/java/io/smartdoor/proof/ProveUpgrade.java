package io.smartdoor.proof;

import io.smartdoor.proof.Stage.Setting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Replaces every instance of every service, one after another, while hundreds of doors report, and
 * says which promises held.
 *
 * <p>Ends with 0 only if all did, and if all instances were replaced before the doors fell silent.
 */
public final class ProveUpgrade {

  /** Who reads events before who writes them (docs/operations.md, Upgrading). */
  private static final List<String> ORDER =
      List.of(Checker.NOTIFICATION, Checker.IDENTIFICATION, Fleet.LOCK);

  private static final String USAGE =
      "expected [--json] [--from FOLDER] --minutes N --seed S SERVICE=JAR…, found ";

  private ProveUpgrade() {}

  /**
   * {@code [--json] [--from FOLDER] --minutes N --seed S SERVICE=JAR…}, where a service is {@code
   * lock}, say, and the folder has the jars of the release to begin with; the same if none is
   * given.
   */
  public static void main(String[] arguments) throws IOException {
    var options = Options.of(List.of(arguments));
    var console = new Console(System.err);
    var logs = Files.createTempDirectory("smartdoor-upgrade-");
    var run = new Run(options, console);
    var began = System.nanoTime();
    var failure = Optional.<String>empty();
    console.say("- starting the services; their logs are in " + logs);
    try (var stage =
        Stage.set(Setting.forSoak(), options.from(), logs, Clock.systemUTC(), UUID::randomUUID)) {
      run.on(stage);
    } catch (Exception | AssertionError e) {
      e.printStackTrace(console.errors());
      failure = Optional.of(e.toString());
    }
    var report = run.report(Duration.ofNanos(System.nanoTime() - began), failure);
    if (report.passed()) {
      Logs.remove(logs);
    }
    System.out.println(options.json() ? report.json() : report.text());
    System.exit(report.passed() ? 0 : 1);
  }

  /** One run; what it has shown until it fails is told all the same. */
  private static final class Run {

    private final Options options;
    private final Console console;
    private final Queue<Replaced> replaced = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean silent = new AtomicBoolean();
    private Optional<Throwable> broken = Optional.empty();
    private Asked asked = Asked.of(List.of());
    private List<Violation> violations = List.of();
    private Optional<Spoilt> spoilt = Optional.empty();
    private int ended;

    Run(Options options, Console console) {
      this.options = options;
      this.console = console;
    }

    void on(Stage stage) throws InterruptedException {
      stage.fleet().startFrom(options.jars());
      var plan = Plan.of(options.seed(), options.length()).undisturbed();
      var soak = new Soak(stage, plan, console);
      var update = Thread.ofVirtual().start(() -> update(stage));
      var end = Thread.ofVirtual().start(() -> fallSilentAfter(plan.length()));
      try {
        soak.run(Soak.SETTLE_LIMIT).ifPresent(it -> console.say("  it still moves: " + it));
        update.join();
        violations = stage.newViolations();
        spoilt = Optional.of(stage.spoilt());
      } finally {
        end.interrupt();
        asked = stage.asked();
        ended = soak.ended().size();
      }
      if (broken.isPresent()) {
        throw new IllegalStateException("the update itself failed", broken.get());
      }
    }

    private void fallSilentAfter(Duration length) {
      try {
        Thread.sleep(length);
        silent.set(true);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    private void update(Stage stage) {
      try {
        for (var service : ORDER) {
          for (var caller : stage.fleet().workers(service)) {
            var stop = stage.fleet().replace(caller, Troublemaker.STOP_LIMIT);
            replaced.add(new Replaced(caller, stop, !silent.get()));
            console.say("  %s is replaced".formatted(caller));
          }
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } catch (RuntimeException | Error e) {
        broken = Optional.of(e);
      }
    }

    UpgradeReport report(Duration took, Optional<String> failure) {
      return new UpgradeReport(
          options.seed(),
          Setting.forSoak().instances().values().stream().mapToInt(it -> it).sum(),
          List.copyOf(replaced),
          ended,
          asked,
          violations,
          spoilt,
          took,
          failure);
    }
  }

  /**
   * @param from the jars to begin with
   */
  private record Options(
      boolean json, Duration length, long seed, Map<String, Path> from, Map<String, Path> jars) {

    static Options of(List<String> arguments) {
      var json = false;
      var length = Optional.<Duration>empty();
      var seed = Optional.<Long>empty();
      var folder = Optional.<Path>empty();
      var jars = new LinkedHashMap<String, Path>();
      for (var i = 0; i < arguments.size(); i++) {
        var word = arguments.get(i);
        if (word.equals("--json")) {
          json = true;
        } else if (word.equals("--minutes") && i + 1 < arguments.size()) {
          var minutes = Double.parseDouble(arguments.get(++i));
          length = Optional.of(Duration.ofMillis(Math.round(minutes * 60_000)));
        } else if (word.equals("--seed") && i + 1 < arguments.size()) {
          seed = Optional.of(Long.parseLong(arguments.get(++i)));
        } else if (word.equals("--from") && i + 1 < arguments.size()) {
          folder = Optional.of(Path.of(arguments.get(++i)));
        } else if (word.contains("=")) {
          var service = word.substring(0, word.indexOf('='));
          jars.put(service, Path.of(word.substring(word.indexOf('=') + 1)));
        } else {
          throw new IllegalArgumentException(USAGE + word);
        }
      }
      return new Options(
          json,
          length.orElseThrow(() -> new IllegalArgumentException(USAGE + "no length")),
          seed.orElseThrow(() -> new IllegalArgumentException(USAGE + "no seed")),
          folder.map(it -> release(it, jars)).orElse(jars),
          jars);
    }

    private static Map<String, Path> release(Path folder, Map<String, Path> jars) {
      var release = new LinkedHashMap<String, Path>();
      for (var service : jars.keySet()) {
        var jar = folder.resolve(service + "-service.jar");
        if (!Files.exists(jar)) {
          throw new IllegalArgumentException("expected the jar " + jar + ", found none");
        }
        release.put(service, jar);
      }
      return release;
    }
  }
}
