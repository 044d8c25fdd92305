package io.smartdoor.proof;

import io.smartdoor.proof.Fleet.Ended;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a soak has shown, for people and for programs.
 *
 * @param asked all that was asked
 * @param struck how often each kind of trouble has struck
 * @param stops how long those took that were told to stop; empty for one that did not
 * @param ended instances that ended without being told to: none may that had come up
 * @param failure why the soak ended early, or cannot be trusted
 */
record SoakReport(
    Plan plan,
    Asked asked,
    Map<String, Integer> struck,
    List<Optional<Duration>> stops,
    List<Ended> ended,
    List<Violation> violations,
    Duration took,
    Optional<String> failure) {

  /** More of them say no more. */
  private static final int TOLD = 50;

  boolean passed() {
    return failure.isEmpty()
        && violations.isEmpty()
        && idleTrouble().isEmpty()
        && stops.stream().allMatch(Optional::isPresent)
        && ended.stream().noneMatch(Ended::wasReady)
        && answered(202) > 0;
  }

  /** How often each kind was planned, and how often it struck. */
  private Map<String, Integer> planned() {
    var planned = new TreeMap<String, Integer>();
    plan.disturbances().forEach(it -> planned.merge(it.kind(), 1, Integer::sum));
    return planned;
  }

  /** What was planned and never struck: nothing is shown about it. */
  private List<String> idleTrouble() {
    return planned().keySet().stream().filter(it -> struck.getOrDefault(it, 0) == 0).toList();
  }

  private long answered(int status) {
    return asked.webhooks().stream()
        .filter(it -> it.answer().filter(answer -> answer.status() == status).isPresent())
        .count();
  }

  private Map<String, Long> numbers() {
    var numbers = new LinkedHashMap<String, Long>();
    numbers.put("keys", asked.webhooks().stream().map(Webhook::key).distinct().count());
    numbers.put("webhooks", (long) asked.webhooks().size());
    numbers.put("answered-202", answered(202));
    numbers.put("answered-422", answered(422));
    numbers.put(
        "answered-429-or-5xx",
        asked.webhooks().stream()
            .filter(it -> it.answer().filter(Webhook.Answer::passing).isPresent())
            .count());
    numbers.put(
        "unanswered", asked.webhooks().stream().filter(it -> it.answer().isEmpty()).count());
    numbers.put("poisoned-messages", (long) asked.poisonings().size());
    numbers.put("events-past-the-lock-service", (long) asked.announcements().size());
    numbers.put("never-came-up", ended.stream().filter(it -> !it.wasReady()).count());
    numbers.put("ended-by-themselves", ended.stream().filter(Ended::wasReady).count());
    return numbers;
  }

  private Optional<Duration> slowestStop() {
    return stops.stream().flatMap(Optional::stream).max(Duration::compareTo);
  }

  /** Markdown. */
  String text() {
    var lines = new ArrayList<String>();
    lines.add("| trouble | planned | struck |");
    lines.add("|---|---|---|");
    planned()
        .forEach((kind, times) ->
            lines.add("| %s | %d | %d |".formatted(kind, times, struck.getOrDefault(kind, 0))));
    lines.add("");
    numbers().forEach((what, number) -> lines.add("- %s: %d".formatted(what, number)));
    slowestStop().ifPresent(it -> lines.add("- slowest to stop on SIGTERM: " + Plan.seconds(it)));
    lines.add("");
    idleTrouble().forEach(it -> lines.add("- NEVER STRUCK: " + it));
    stops.stream()
        .filter(Optional::isEmpty)
        .forEach(_ ->
            lines.add("- DID NOT STOP within %s of SIGTERM".formatted(Troublemaker.STOP_LIMIT)));
    ended.stream()
        .filter(Ended::wasReady)
        .forEach(it -> lines.add("- ENDED BY ITSELF: " + it.caller()));
    violations.stream().limit(TOLD).forEach(it -> lines.add("- " + it));
    if (violations.size() > TOLD) {
      lines.add("- and %d more".formatted(violations.size() - TOLD));
    }
    failure.ifPresent(it -> lines.add("- ended early: " + it));
    lines.add(summary());
    return String.join("\n", lines);
  }

  private String summary() {
    return "%s: %d of %d kinds of trouble struck, %d promises broken, %d webhooks; seed %d, %d s of %d s"
        .formatted(
            passed() ? "proved" : "NOT PROVED",
            planned().size() - idleTrouble().size(),
            planned().size(),
            violations.size(),
            asked.webhooks().size(),
            plan.seed(),
            plan.length().toSeconds(),
            took.toSeconds());
  }

  String json() {
    var json = JsonMapper.shared();
    var root = json.createObjectNode();
    root.put("passed", passed());
    root.put("seed", plan.seed());
    root.put("length-ms", plan.length().toMillis());
    root.put("took-ms", took.toMillis());
    failure.ifPresent(it -> root.put("failure", it));
    var numbers = root.putObject("numbers");
    numbers().forEach(numbers::put);
    slowestStop().ifPresent(it -> root.put("slowest-stop-ms", it.toMillis()));
    root.put("did-not-stop", stops.stream().filter(Optional::isEmpty).count());
    var trouble = root.putArray("trouble");
    planned()
        .forEach((kind, times) ->
            trouble
                .addObject()
                .put("kind", kind)
                .put("planned", times)
                .put("struck", struck.getOrDefault(kind, 0)));
    var broken = root.putArray("violations");
    violations.forEach(it -> broken.add(it.toString()));
    return json.writeValueAsString(root);
  }
}
