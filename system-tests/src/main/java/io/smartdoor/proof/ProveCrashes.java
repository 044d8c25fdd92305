package io.smartdoor.proof;

import io.smartdoor.proof.Stage.Setting;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Kills and stops every service at every call that it makes while a door's event passes through,
 * and says which promises held.
 *
 * <p>Ends with 0 only if all did, and if the checker has caught each way of breaking them on
 * purpose.
 */
public final class ProveCrashes {

  private ProveCrashes() {}

  /** {@code [--json] [--only TEXT] SERVICE=JAR…}, where a service is {@code lock}, say. */
  public static void main(String[] arguments) throws IOException {
    var options = Options.of(List.of(arguments));
    try {
      var report = new Proof(options, new Console(System.err)).report();
      System.out.println(options.json() ? report.json() : report.text());
      System.exit(report.passed() ? 0 : 1);
    } catch (NothingChosenException e) {
      System.err.println("smartdoor: " + e.getMessage());
      System.exit(1);
    }
  }

  /** One run; what it has shown until it fails is told all the same. */
  private static final class Proof {

    private final Options options;
    private final Console console;
    private final List<Verdict> verdicts = new ArrayList<>();
    private final List<Violation> late = new ArrayList<>();
    private final List<Caught> caught = new ArrayList<>();
    private final long began = System.nanoTime();
    private int webhooks;

    Proof(Options options, Console console) {
      this.options = options;
      this.console = console;
    }

    Report report() throws IOException, NothingChosenException {
      var logs = Logs.folder("smartdoor-crashes-", console.errors());
      var failure = Optional.<String>empty();
      console.say("- starting the services; their logs are in " + logs);
      try {
        run(logs);
      } catch (NothingChosenException e) {
        Logs.remove(logs);
        throw e;
      } catch (Exception | AssertionError e) {
        e.printStackTrace(console.errors());
        failure = Optional.of(e.toString());
      }
      var took = Duration.ofNanos(System.nanoTime() - began);
      var report = new Report(verdicts, late, caught, webhooks, took, failure);
      if (report.passed()) {
        Logs.remove(logs);
      }
      return report;
    }

    private void run(Path logs) throws Exception {
      try (var stage =
          Stage.set(
              Setting.forCrashes(), options.jars(), logs, Clock.systemUTC(), UUID::randomUUID)) {
        try {
          var course = learn(stage);
          var cells = new ArrayList<>(Matrix.cells(course));
          cells.addAll(recoveries(stage));
          options.requireAny(cells);
          new Matrix(stage, console).run(cells, options::chooses, verdicts);
          stage.settle(Stage.LIMIT);
          late.addAll(stage.newViolations());
          catchBroken(stage, course);
          console.say("- %d permissions were needed".formatted(stage.usage().size()));
        } finally {
          webhooks = stage.webhooks();
        }
      }
    }

    private Course learn(Stage stage) throws InterruptedException {
      console.say("  started after %.1f s".formatted((System.nanoTime() - began) / 1e9));
      var course = Course.learn(stage);
      console.say("- one opening takes %d calls:".formatted(course.calls().size()));
      course.calls().forEach(it -> console.say("    " + it));
      course.sometimes().forEach(it -> console.say("    (not every time) " + it));
      return course;
    }

    private List<Cell> recoveries(Stage stage) throws InterruptedException {
      var plain = Recovery.learnPlain(stage);
      var cells = new ArrayList<Cell>();
      for (var recovery : Recovery.values()) {
        var calls = recovery.learn(stage, plain);
        console.say("- when %s, it takes %d more:".formatted(recovery, calls.size()));
        calls.forEach(it -> console.say("    " + it));
        cells.addAll(Matrix.cells(recovery, calls));
      }
      return cells;
    }

    private void catchBroken(Stage stage, Course course) throws Exception {
      for (var build : BrokenBuild.values()) {
        if (options.chooses(build.toString())) {
          var one = build.run(stage, course);
          caught.add(one);
          console.say(
              "  %s: %s (%.1f s)".formatted(build, one.text(), one.took().toMillis() / 1000.0));
        }
      }
    }
  }

  /**
   * @param only which cells; all where empty
   */
  record Options(boolean json, Optional<String> only, Map<String, Path> jars) {

    static Options of(List<String> arguments) {
      var json = false;
      var only = Optional.<String>empty();
      var jars = new LinkedHashMap<String, Path>();
      for (var i = 0; i < arguments.size(); i++) {
        var word = arguments.get(i);
        if (word.equals("--json")) {
          json = true;
        } else if (word.equals("--only") && i + 1 < arguments.size()) {
          only = Optional.of(arguments.get(++i));
        } else if (word.contains("=")) {
          jars.put(
              word.substring(0, word.indexOf('=')), Path.of(word.substring(word.indexOf('=') + 1)));
        } else {
          throw new IllegalArgumentException(
              "expected [--json] [--only TEXT] SERVICE=JAR…, found " + word);
        }
      }
      return new Options(json, only, jars);
    }

    /** Says so where nothing is chosen: what cells there are is learnt, and not known before. */
    void requireAny(List<Cell> cells) throws NothingChosenException {
      if (cells.stream().noneMatch(it -> Matrix.isChosen(it, this::chooses))
          && Arrays.stream(BrokenBuild.values()).noneMatch(it -> chooses(it.toString()))) {
        throw new NothingChosenException(only.orElse(""));
      }
    }

    boolean chooses(String name) {
      return only.isEmpty()
          || name.toLowerCase(Locale.ROOT).contains(only.get().toLowerCase(Locale.ROOT));
    }
  }

  /** No cell and no broken build is called so. */
  static final class NothingChosenException extends Exception {

    private static final long serialVersionUID = 1;

    NothingChosenException(String only) {
      super(
          "expected part of the name of a cell or of a broken build, found \"%s\": for example PutEvents, \"killed before\" or broken"
              .formatted(only));
    }
  }
}
