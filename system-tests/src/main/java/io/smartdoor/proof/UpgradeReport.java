package io.smartdoor.proof;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a rolling update has shown, for people and for programs.
 *
 * @param instances how many were to be replaced
 * @param ended how many ended without being told to
 * @param spoilt whether the checker notices what is spoilt in this very run's findings; empty where
 *     there were none to spoil
 * @param failure why it ended early, or cannot be trusted
 */
record UpgradeReport(
    long seed,
    int instances,
    List<Replaced> replaced,
    int ended,
    Asked asked,
    List<Violation> violations,
    Optional<Spoilt> spoilt,
    Duration took,
    Optional<String> failure) {

  boolean passed() {
    return failure.isEmpty()
        && violations.isEmpty()
        && spoilt.filter(it -> it.tried() > 0 && it.unnoticed().isEmpty()).isPresent()
        && ended == 0
        && replaced.size() == instances
        && replaced.stream().allMatch(it -> it.underLoad() && it.stop().isPresent())
        && accepted() > 0;
  }

  private long accepted() {
    return asked.webhooks().stream()
        .filter(it -> it.answer().filter(answer -> answer.status() == 202).isPresent())
        .count();
  }

  /** They came again, and were answered: a door notices no more of an update. */
  private long putOff() {
    return asked.webhooks().stream()
        .filter(it -> it.answer().map(Webhook.Answer::passing).orElse(true))
        .count();
  }

  private int tried() {
    return spoilt.map(Spoilt::tried).orElse(0);
  }

  private List<String> unnoticed() {
    return spoilt.map(Spoilt::unnoticed).orElse(List.of());
  }

  /** Markdown. */
  String text() {
    var lines = new ArrayList<String>();
    lines.add("| replaced | took to stop |");
    lines.add("|---|---|");
    replaced.forEach(it ->
        lines.add(
            "| %s | %s%s |"
                .formatted(
                    it.caller(),
                    it.stop().map(Plan::seconds).orElse("DID NOT STOP"),
                    it.underLoad() ? "" : ", NOT UNDER LOAD")));
    lines.add("");
    violations.forEach(it -> lines.add("- " + it));
    unnoticed().forEach(it -> lines.add("- the checker did not notice where " + it));
    failure.ifPresent(it -> lines.add("- ended early: " + it));
    lines.add(
        "%s: %d of %d instances replaced while doors reported, %d promises broken, %d of %d noticed where this is spoilt; %d webhooks, %d put off; seed %d, %d s"
            .formatted(
                passed() ? "proved" : "NOT PROVED",
                replaced.stream().filter(Replaced::underLoad).count(),
                instances,
                violations.size(),
                tried() - unnoticed().size(),
                tried(),
                asked.webhooks().size(),
                putOff(),
                seed,
                took.toSeconds()));
    return String.join("\n", lines);
  }

  String json() {
    var json = JsonMapper.shared();
    var root = json.createObjectNode();
    root.put("passed", passed());
    root.put("seed", seed);
    root.put("took-ms", took.toMillis());
    failure.ifPresent(it -> root.put("failure", it));
    root.put("instances", instances);
    root.put("ended-by-themselves", ended);
    root.put("webhooks", asked.webhooks().size());
    root.put("answered-202", accepted());
    root.put("put-off", putOff());
    var stops = root.putArray("replaced");
    replaced.forEach(it -> {
      var one = stops.addObject();
      one.put("instance", it.caller().toString());
      one.put("under-load", it.underLoad());
      it.stop().ifPresent(stop -> one.put("stop-ms", stop.toMillis()));
    });
    var broken = root.putArray("violations");
    violations.forEach(it -> broken.add(it.toString()));
    root.put("spoilt", tried());
    var overlooked = root.putArray("unnoticed");
    unnoticed().forEach(overlooked::add);
    return json.writeValueAsString(root);
  }
}
