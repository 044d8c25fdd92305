package io.smartdoor.proof;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;

/**
 * What was shown, for people and for programs.
 *
 * @param late promises that were found broken only after the last cell
 * @param failure why the proof ended early, or cannot be trusted
 */
record Report(
    List<Verdict> verdicts,
    List<Violation> late,
    List<Caught> caught,
    int webhooks,
    Duration took,
    Optional<String> failure) {

  boolean passed() {
    return failure.isEmpty()
        && !(verdicts.isEmpty() && caught.isEmpty())
        && late.isEmpty()
        && verdicts.stream().allMatch(Verdict::holds)
        && caught.stream().allMatch(Caught::caught);
  }

  /** Markdown: calls down, moments across. */
  String text() {
    var lines = new ArrayList<String>();
    if (!verdicts.isEmpty()) {
      lines.addAll(matrix());
      lines.add("");
    }
    if (!caught.isEmpty()) {
      lines.add("| broken on purpose | crash | checker |");
      lines.add("|---|---|---|");
      caught.forEach(
          it -> lines.add("| %s | %s | %s |".formatted(it.broken(), it.crash(), it.text())));
      lines.add("");
    }
    verdicts.stream()
        .filter(it -> !it.holds())
        .forEach(it -> lines.add("- %s, %s: %s".formatted(it.place(), it.moment(), it.text())));
    late.forEach(it -> lines.add("- afterwards: " + it));
    failure.ifPresent(it -> lines.add("- ended early: " + it));
    lines.add(summary());
    return String.join("\n", lines);
  }

  private List<String> matrix() {
    var moments = new LinkedHashSet<String>();
    var rows = new LinkedHashMap<String, Map<String, Verdict>>();
    for (var verdict : verdicts) {
      moments.add(verdict.moment());
      rows.computeIfAbsent(verdict.place(), _ -> new LinkedHashMap<>())
          .put(verdict.moment(), verdict);
    }
    var lines = new ArrayList<String>();
    lines.add("| call | " + String.join(" | ", moments) + " |");
    lines.add("|---".repeat(moments.size() + 1) + "|");
    rows.forEach((call, cells) -> {
      var row = new StringBuilder("| " + call + " |");
      for (var moment : moments) {
        var verdict = cells.get(moment);
        row.append(verdict == null ? " |" : " %s |".formatted(word(verdict)));
      }
      lines.add(row.toString());
    });
    return lines;
  }

  private static String word(Verdict verdict) {
    if (verdict.holds()) {
      return "holds";
    }
    return verdict.fired() ? "**BROKEN**" : "**NEVER STRUCK**";
  }

  private String summary() {
    return "%s: %d of %d crashes hold, %d of %d broken builds caught; %d webhooks, %d s"
        .formatted(
            passed() ? "proved" : "NOT PROVED",
            verdicts.stream().filter(Verdict::holds).count(),
            verdicts.size(),
            caught.stream().filter(Caught::caught).count(),
            caught.size(),
            webhooks,
            took.toSeconds());
  }

  String json() {
    var json = JsonMapper.shared();
    var root = json.createObjectNode();
    root.put("passed", passed());
    root.put("took-ms", took.toMillis());
    root.put("webhooks", webhooks);
    failure.ifPresent(it -> root.put("failure", it));
    var cells = root.putArray("cells");
    for (var verdict : verdicts) {
      var cell = cells.addObject();
      cell.put("call", verdict.place());
      cell.put("moment", verdict.moment());
      cell.put("holds", verdict.holds());
      cell.put("fired", verdict.fired());
      cell.put("took-ms", verdict.took().toMillis());
      var violations = cell.putArray("violations");
      verdict.violations().forEach(it -> violations.add(it.toString()));
    }
    var afterwards = root.putArray("afterwards");
    late.forEach(it -> afterwards.add(it.toString()));
    var broken = root.putArray("broken");
    for (var one : caught) {
      var build = broken.addObject();
      build.put("broken", one.broken());
      build.put("crash", one.crash());
      build.put("fired", one.fired());
      build.put("caught", one.caught());
      build.put("took-ms", one.took().toMillis());
      var violations = build.putArray("violations");
      one.violations().forEach(it -> violations.add(it.toString()));
    }
    return json.writeValueAsString(root);
  }
}
