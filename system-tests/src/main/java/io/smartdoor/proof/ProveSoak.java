package io.smartdoor.proof;

import io.smartdoor.proof.Fleet.Ended;
import io.smartdoor.proof.Stage.Setting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Lets hundreds of doors report for some minutes while everything goes wrong that can, and says
 * which promises held.
 *
 * <p>Ends with 0 only if all did, and if each kind of trouble has struck.
 */
public final class ProveSoak {

  private ProveSoak() {}

  /** Of one broken build: a crash of some process, a bus outage and every throttling are in it. */
  private static final Duration BROKEN_LENGTH = Duration.ofSeconds(30);

  /**
   * {@code [--json] [--broken] --minutes N --seed S SERVICE=JAR…}, where a service is {@code lock},
   * say.
   */
  public static void main(String[] arguments) throws IOException {
    var options = Options.of(List.of(arguments));
    if (options.broken()) {
      var report = reportOfBroken(options, new Console(System.err));
      System.out.println(options.json() ? report.json() : report.text());
      System.exit(report.passed() ? 0 : 1);
    }
    var report = report(options, new Console(System.err));
    System.out.println(options.json() ? report.json() : report.text());
    System.exit(report.passed() ? 0 : 1);
  }

  private static SoakReport report(Options options, Console console) throws IOException {
    var began = System.nanoTime();
    var plan = Plan.of(options.seed(), options.length());
    var logs = Logs.folder("smartdoor-soak-", console.errors());
    var schedule = Files.write(logs.resolve("schedule.txt"), plan.lines());
    console.say("- a soak of %s, seed %d".formatted(plan.length(), plan.seed()));
    console.say("- starting the services; their logs are in " + logs);
    var run = new Run(plan, console);
    var failure = Optional.<String>empty();
    try (var stage =
        Stage.set(Setting.forSoak(), options.jars(), logs, Clock.systemUTC(), UUID::randomUUID)) {
      console.say("  started after %.1f s".formatted((System.nanoTime() - began) / 1e9));
      run.on(stage);
    } catch (Exception | AssertionError e) {
      e.printStackTrace(console.errors());
      failure = Optional.of(e.toString());
    }
    var report = run.report(Duration.ofNanos(System.nanoTime() - began), failure);
    if (report.passed()) {
      Logs.remove(logs);
    } else {
      console.say("- what was to happen when is in %s".formatted(schedule));
    }
    return report;
  }

  /** Whether the checker notices what each build lacks. */
  private static Report reportOfBroken(Options options, Console console) throws IOException {
    var began = System.nanoTime();
    var logs = Logs.folder("smartdoor-soak-", console.errors());
    var caught = new ArrayList<Caught>();
    var failure = Optional.<String>empty();
    var webhooks = 0;
    console.say("- starting the services; their logs are in " + logs);
    try (var stage =
        Stage.set(Setting.forSoak(), options.jars(), logs, Clock.systemUTC(), UUID::randomUUID)) {
      for (var build : BrokenBuild.values()) {
        var plan = Plan.of(options.seed() + caught.size(), BROKEN_LENGTH);
        console.say("- %s, seed %d".formatted(build, plan.seed()));
        var one = build.soak(stage, plan, console);
        caught.add(one);
        webhooks = stage.webhooks();
        console.say("  %s (%.1f s)".formatted(one.text(), one.took().toMillis() / 1000.0));
      }
    } catch (Exception | AssertionError e) {
      e.printStackTrace(console.errors());
      failure = Optional.of(e.toString());
    }
    var took = Duration.ofNanos(System.nanoTime() - began);
    var report = new Report(List.of(), List.of(), caught, webhooks, took, failure);
    if (report.passed()) {
      Logs.remove(logs);
    }
    return report;
  }

  /** One run; what it has shown until it fails is told all the same. */
  private static final class Run {

    private final Plan plan;
    private final Console console;
    private Asked asked = Asked.of(List.of());
    private Map<String, Integer> struck = Map.of();
    private List<Optional<Duration>> stops = List.of();
    private List<Violation> violations = List.of();
    private List<Ended> ended = List.of();

    Run(Plan plan, Console console) {
      this.plan = plan;
      this.console = console;
    }

    void on(Stage stage) throws InterruptedException {
      var soak = new Soak(stage, plan, console);
      try {
        soak.run(Soak.SETTLE_LIMIT).ifPresent(it -> console.say("  it still moves: " + it));
        violations = stage.newViolations();
        console.say("- %d permissions were needed".formatted(stage.usage().size()));
      } finally {
        asked = stage.asked();
        struck = soak.trouble().struck();
        stops = soak.trouble().stops();
        ended = soak.ended();
      }
    }

    SoakReport report(Duration took, Optional<String> failure) {
      return new SoakReport(plan, asked, struck, stops, ended, violations, took, failure);
    }
  }

  private record Options(
      boolean json, boolean broken, Duration length, long seed, Map<String, Path> jars) {

    static Options of(List<String> arguments) {
      var json = false;
      var broken = false;
      var length = Optional.<Duration>empty();
      var seed = Optional.<Long>empty();
      var jars = new LinkedHashMap<String, Path>();
      for (var i = 0; i < arguments.size(); i++) {
        var word = arguments.get(i);
        if (word.equals("--json")) {
          json = true;
        } else if (word.equals("--broken")) {
          broken = true;
        } else if (word.equals("--minutes") && i + 1 < arguments.size()) {
          length = Optional.of(minutes(arguments.get(++i)));
        } else if (word.equals("--seed") && i + 1 < arguments.size()) {
          seed = Optional.of(Long.parseLong(arguments.get(++i)));
        } else if (word.contains("=")) {
          jars.put(
              word.substring(0, word.indexOf('=')), Path.of(word.substring(word.indexOf('=') + 1)));
        } else {
          throw new IllegalArgumentException(USAGE + word);
        }
      }
      return new Options(
          json,
          broken,
          length.orElseThrow(() -> new IllegalArgumentException(USAGE + "no length")),
          seed.orElseThrow(() -> new IllegalArgumentException(USAGE + "no seed")),
          jars);
    }

    private static final String USAGE =
        "expected [--json] [--broken] --minutes N --seed S SERVICE=JAR…, found ";

    private static Duration minutes(String text) {
      return Duration.ofMillis(Math.round(Double.parseDouble(text) * 60_000));
    }
  }
}
