package io.smartdoor.system;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What costs follow from: what the benchmark has counted, what the stacks have, and how often idle
 * services ask.
 *
 * @param calls of all services, per door event, as measured
 * @param processorSeconds of lock and notification, per 1,000 door events, as measured
 * @param transitions states that one identification enters
 * @param tasks at least, of each service; two subscribers, and the Lock Service
 * @param pollSeconds how long an empty poll is held open
 * @param shards of the outbox, each asked on every sweep
 */
record CostInputs(
    Map<String, Double> calls,
    double processorSeconds,
    int transitions,
    int tasks,
    double vcpus,
    double gigabytes,
    int loadBalancers,
    int alarms,
    int metricFilters,
    int keys,
    int secrets,
    double pollSeconds,
    double sweepSeconds,
    double surveySeconds,
    int shards) {

  private static final Path FIGURES = Repository.ROOT.resolve("docs/benchmark-figures.md");
  private static final Path SETTINGS = Repository.ROOT.resolve("docs/operations.md");
  private static final Path STACKS = Repository.ROOT.resolve("infra/stacks");
  private static final Path WORKFLOW = Repository.ROOT.resolve("infra/workflows/identify.asl.json");
  private static final Path BACKLOG =
      Repository.ROOT.resolve("lock-service/src/main/java/io/smartdoor/lock/outbox/Backlog.java");

  static CostInputs ofThisRepository() {
    return new CostInputs(
        counted(),
        number(FIGURES, "(?m)^\\| CPU of lock and notification per 1,000 events \\| ([0-9.]+) s"),
        entered(),
        (int) ofEveryService("MinTasks"),
        ofEveryService("Cpu") / 1024,
        ofEveryService("Memory") / 1024,
        count("AWS::ElasticLoadBalancingV2::LoadBalancer"),
        count("AWS::CloudWatch::Alarm"),
        count("AWS::Logs::MetricFilter"),
        count("AWS::KMS::Key"),
        count("AWS::SecretsManager::Secret"),
        setting("SMARTDOOR_MESSAGING_POLLTIMEOUT"),
        setting("SMARTDOOR_LOCK_OUTBOX_SWEEPPERIOD"),
        setting("SMARTDOOR_LOCK_OUTBOX_SURVEYPERIOD"),
        (int) number(BACKLOG, "int SHARDS = (\\d+);"));
  }

  /** The same, had the benchmark counted something else. */
  CostInputs withCalls(Map<String, Double> others) {
    return new CostInputs(
        others,
        processorSeconds,
        transitions,
        tasks,
        vcpus,
        gigabytes,
        loadBalancers,
        alarms,
        metricFilters,
        keys,
        secrets,
        pollSeconds,
        sweepSeconds,
        surveySeconds,
        shards);
  }

  double calls(String name) {
    return calls.getOrDefault(name, 0.0);
  }

  private static Map<String, Double> counted() {
    var calls = new LinkedHashMap<String, Double>();
    matches(FIGURES, "(?m)^\\| (\\w+: \\w+) \\| ([0-9.]+) \\| [0-9.]+ \\|$")
        .forEach(it -> calls.put(it.group(1), Double.parseDouble(it.group(2))));
    return calls;
  }

  /** From start to end for whoever opens with a known credential, as in the benchmark. */
  private static int entered() {
    var definition = JsonMapper.shared().readTree(Repository.text(WORKFLOW));
    var states = 0;
    for (var name = definition.path("StartAt").stringValue(""); !name.isEmpty(); states++) {
      var state = definition.path("States").path(name);
      if (state.isMissingNode() || states > 100) {
        throw new IllegalStateException("expected a way through the workflow, found " + name);
      }
      name = next(name, state);
    }
    return states;
  }

  private static String next(String name, JsonNode state) {
    var next =
        switch (state.path("Type").stringValue("")) {
          case "Choice" ->
              name.equals("Whom To Identify")
                  ? state.path("Default")
                  : state.path("Choices").path(0).path("Next");
          default -> state.path("Next");
        };
    return next.stringValue("");
  }

  /** A parameter's default, the same in the stacks of all services. */
  private static double ofEveryService(String parameter) {
    var pattern = "(?m)^  %s:\\n(?:    .*\\n)*?    Default: \"?(\\d+)".formatted(parameter);
    var all =
        Repository.SERVICES.stream()
            .map(it -> number(STACKS.resolve(it + "-service.yaml"), pattern))
            .distinct()
            .toList();
    if (all.size() != 1) {
      throw new IllegalStateException(
          "expected the same %s for all services, found %s".formatted(parameter, all));
    }
    return all.getFirst();
  }

  private static int count(String type) {
    return (int)
        Repository.filesUnder(STACKS).stream()
            .flatMap(it -> matches(it, "(?m)^    Type: %s$".formatted(type)))
            .count();
  }

  private static double setting(String variable) {
    return number(SETTINGS, "(?m)^\\| `%s` \\| `(\\d+)s`".formatted(variable));
  }

  private static double number(Path file, String pattern) {
    List<MatchResult> found = matches(file, pattern).toList();
    if (found.size() != 1) {
      throw new IllegalStateException(
          "expected one %s in %s, found %d".formatted(pattern, file, found.size()));
    }
    return Double.parseDouble(found.getFirst().group(1));
  }

  private static Stream<MatchResult> matches(Path file, String pattern) {
    return Pattern.compile(pattern).matcher(Repository.text(file)).results();
  }
}
