package io.smartdoor.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What was measured, for people and for programs.
 *
 * @param conditions what it was measured with, each as "name: value"
 * @param failure why the run ended early
 */
record Report(
    Findings findings, List<Condition> conditions, Duration took, Optional<String> failure) {

  /** Something that the figures depend on. */
  record Condition(String name, String value) {}

  boolean passed() {
    return failure.isEmpty() && findings.isReached();
  }

  /** Whether what was missed may be the machine's doing. */
  boolean isTolerable() {
    return failure.isEmpty() && findings.isTolerable();
  }

  /** Markdown. */
  String text() {
    var lines = new ArrayList<String>();
    if (!findings.figures().isEmpty()) {
      lines.addAll(figures());
      lines.add("");
    }
    if (!findings.calls().isEmpty()) {
      lines.addAll(calls());
      lines.add("");
    }
    findings
        .growth()
        .ifPresent(it -> {
          lines.addAll(growth(it));
          lines.add("");
        });
    findings
        .disturbed()
        .ifPresent(it -> {
          lines.addAll(disturbed(it));
          lines.add("");
        });
    conditions.forEach(it -> lines.add("- %s: %s".formatted(it.name(), it.value())));
    failure.ifPresent(it -> lines.add("- ended early: " + it));
    lines.add("");
    lines.add("%s after %d s".formatted(passed() ? "reached" : "NOT REACHED", took.toSeconds()));
    return String.join("\n", lines);
  }

  /** The same as a document, with its plots. */
  String document(List<String> plots) {
    var images = plots.stream().map(it -> "![%s](%s)".formatted(titleOf(it), it)).toList();
    return """
    # Benchmark: figures

    Written by `./smartdoor bench --docs`; [how they are measured](benchmark.md).

    %s

    %s
    """
        .formatted(text(), String.join("\n\n", images));
  }

  private static String titleOf(String plot) {
    return plot.replaceAll("bench-|[.]svg", "").replace('-', ' ');
  }

  private List<String> figures() {
    var lines = new ArrayList<String>();
    lines.add("| figure | SmartDoor | floor | ratio | rounds | to reach | |");
    lines.add("|---|---|---|---|---|---|---|");
    for (var it : findings.figures()) {
      lines.add(
          String.format(
              Locale.ROOT,
              "| %s | %s | %s | %.2f | %.2f–%.2f (%d) | %s | %s |",
              it.what(),
              quantity(it.subject(), it.unit()),
              quantity(it.floor(), it.unit()),
              it.ratio(),
              it.leastRatio(),
              it.mostRatio(),
              it.rounds().size(),
              it.target(),
              verdict(it.isReached())));
    }
    return lines;
  }

  private List<String> calls() {
    var lines = new ArrayList<String>();
    lines.add("| AWS requests per door event | counted | needed |");
    lines.add("|---|---|---|");
    for (var it : findings.calls()) {
      lines.add(
          String.format(
              Locale.ROOT, "| %s | %.2f | %.2f |", it.call(), it.perEvent(), it.needed()));
    }
    lines.add(
        String.format(
            Locale.ROOT,
            "| **in all** | %.2f | %.2f |",
            Calls.sum(findings.calls()),
            Calls.neededInAll()));
    return lines;
  }

  private static List<String> growth(Growth growth) {
    var lines = new ArrayList<String>();
    lines.add("| doors | openings/s | requests per opening | |");
    lines.add("|---|---|---|---|");
    for (var it : growth.sizes()) {
      lines.add(
          String.format(
              Locale.ROOT,
              "| %,d | %.0f (%.0f–%.0f) | %.2f (%.2f–%.2f) | |",
              it.doors(),
              Statistics.median(it.perSecond()),
              Statistics.least(it.perSecond()),
              Statistics.most(it.perSecond()),
              Statistics.median(it.requests()),
              Statistics.least(it.requests()),
              Statistics.most(it.requests())));
    }
    lines.add(
        String.format(
            Locale.ROOT,
            "| noise | ± %.0f %% | ± %.0f %% | %s |",
            100 * growth.rateNoise(),
            100 * growth.requestsNoise(),
            verdict(growth.isFlat())));
    return lines;
  }

  private static List<String> disturbed(Findings.Disturbed disturbed) {
    var lines = new ArrayList<String>();
    lines.add(
        "| notification is | SmartDoor answers | p50, p99 | request-response answers | p50, p99 |");
    lines.add("|---|---|---|---|---|");
    for (var phase : Disturbance.Phase.values()) {
      lines.add(
          String.format(
              Locale.ROOT,
              "| %s | %s | %s |",
              phase.label(),
              answers(disturbed.smartDoor(), phase),
              answers(disturbed.requestResponse(), phase)));
    }
    lines.add("");
    lines.add(
        String.format(
            Locale.ROOT,
            "Of what SmartDoor had accepted, %.1f %% came into the inbox: %s",
            100 * disturbed.smartDoorInboxes(),
            verdict(disturbed.holds())));
    return lines;
  }

  private static String answers(Disturbance.Course course, Disturbance.Phase phase) {
    return String.format(
        Locale.ROOT,
        "%.0f %% | %s, %s",
        100 * course.shareAnswered(phase),
        seconds(course.took(phase, 50)),
        seconds(course.took(phase, 99)));
  }

  private static String seconds(double seconds) {
    return seconds < 1
        ? String.format(Locale.ROOT, "%.0f ms", seconds * 1000)
        : String.format(Locale.ROOT, "%.1f s", seconds);
  }

  private static String quantity(double value, String unit) {
    return String.format(
        Locale.ROOT, value < 10 ? "%.2f %s" : value < 100 ? "%.1f %s" : "%.0f %s", value, unit);
  }

  private static String verdict(boolean reached) {
    return reached ? "reached" : "**MISSED**";
  }

  String json() {
    var root = JsonMapper.shared().createObjectNode();
    root.put("passed", passed());
    root.put("took-ms", took.toMillis());
    failure.ifPresent(it -> root.put("failure", it));
    var known = root.putObject("conditions");
    conditions.forEach(it -> known.put(it.name(), it.value()));
    var figures = root.putArray("figures");
    findings.figures().forEach(it -> put(it, figures.addObject()));
    var calls = root.putArray("requests-per-door-event");
    for (var it : findings.calls()) {
      calls
          .addObject()
          .put("call", it.call())
          .put("counted", it.perEvent())
          .put("needed", it.needed());
    }
    findings.growth().ifPresent(it -> put(it, root.putObject("growth")));
    findings.disturbed().ifPresent(it -> put(it, root.putObject("notification-disturbed")));
    return JsonMapper.shared().writeValueAsString(root);
  }

  private static void put(Figure figure, ObjectNode node) {
    node.put("figure", figure.id())
        .put("unit", figure.unit())
        .put("ratio", figure.ratio())
        .put(figure.target().atLeast() ? "at-least" : "at-most", figure.target().limit())
        .put("reached", figure.isReached());
    var rounds = node.putArray("rounds");
    for (var it : figure.rounds()) {
      rounds
          .addObject()
          .put("smartdoor", it.subject())
          .put("floor", it.floor())
          .put("ratio", it.ratio());
    }
  }

  private static void put(Growth growth, ObjectNode node) {
    node.put("flat", growth.isFlat());
    var sizes = node.putArray("sizes");
    for (var it : growth.sizes()) {
      var size = sizes.addObject().put("doors", it.doors());
      put(it.perSecond(), size.putArray("openings-per-second"));
      put(it.requests(), size.putArray("requests-per-opening"));
    }
  }

  private static void put(List<Double> values, ArrayNode array) {
    values.forEach(array::add);
  }

  private static void put(Findings.Disturbed disturbed, ObjectNode node) {
    node.put("holds", disturbed.holds()).put("share-in-inbox", disturbed.smartDoorInboxes());
    put(disturbed.smartDoor(), node.putArray("smartdoor"));
    put(disturbed.requestResponse(), node.putArray("request-response"));
  }

  private static void put(Disturbance.Course course, ArrayNode phases) {
    for (var phase : Disturbance.Phase.values()) {
      phases
          .addObject()
          .put("notification", phase.label())
          .put("share-answered", course.shareAnswered(phase))
          .put("p50-ms", 1000 * course.took(phase, 50))
          .put("p99-ms", 1000 * course.took(phase, 99));
    }
  }
}
