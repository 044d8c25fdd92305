package io.smartdoor.bench;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;

import io.smartdoor.faults.RecordedCall;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What one door event needs of AWS, and what was counted.
 *
 * <p>Needed are the writes that the design has (one to accept, one to mark as published; for each
 * subscriber and event a claim and a completion; an inbox's transaction; the start of an execution)
 * and the calls that AWS takes ten at a time, by tens: publishing, receiving, deleting.
 */
final class Calls {

  /** By service and operation: for an opening by a resident, of which notification hears twice. */
  private static final Map<String, Double> NEEDED = needed();

  private Calls() {}

  /**
   * @param perEvent what was counted, per door event
   * @param needed zero for what the design does without
   */
  record Line(String call, double perEvent, double needed) {}

  private static Map<String, Double> needed() {
    var needed = new LinkedHashMap<String, Double>();
    needed.put("lock: PutItem", 1.0);
    needed.put("lock: PutEvents", 0.1);
    needed.put("lock: UpdateItem", 1.0);
    needed.put("notification: ReceiveMessage", 0.2);
    needed.put("notification: UpdateItem", 4.0);
    needed.put("notification: TransactWriteItems", 2.0);
    needed.put("notification: DeleteMessageBatch", 0.2);
    needed.put("identification: ReceiveMessage", 0.1);
    needed.put("identification: UpdateItem", 2.0);
    needed.put("identification: StartExecution", 1.0);
    needed.put("identification: DeleteMessageBatch", 0.1);
    return needed;
  }

  static double neededInAll() {
    return NEEDED.values().stream().mapToDouble(it -> it).sum();
  }

  /** Polls that found nothing left out: an idle service makes them too. */
  static List<Line> perEvent(List<RecordedCall> calls, int events) {
    var counted =
        calls.stream()
            .filter(it -> !it.idle())
            .collect(groupingBy(Calls::name, TreeMap::new, counting()));
    var names = new LinkedHashMap<>(NEEDED);
    counted.keySet().forEach(it -> names.putIfAbsent(it, 0.0));
    return names.entrySet().stream()
        .map(it ->
            new Line(
                it.getKey(),
                counted.getOrDefault(it.getKey(), 0L) / (double) events,
                it.getValue()))
        .toList();
  }

  /** The medians of several measurements. */
  static List<Line> medians(List<List<Line>> measurements) {
    var counted = new LinkedHashMap<String, List<Double>>();
    var needed = new LinkedHashMap<String, Double>();
    for (var line : measurements.stream().flatMap(List::stream).toList()) {
      counted.computeIfAbsent(line.call(), _ -> new ArrayList<>()).add(line.perEvent());
      needed.put(line.call(), line.needed());
    }
    return needed.entrySet().stream()
        .map(it ->
            new Line(it.getKey(), median(counted, it.getKey(), measurements.size()), it.getValue()))
        .toList();
  }

  /** Where a call was not made at all, it is missing. */
  private static double median(Map<String, List<Double>> counted, String call, int measurements) {
    var values = new ArrayList<>(counted.getOrDefault(call, List.of()));
    while (values.size() < measurements) {
      values.add(0.0);
    }
    return Statistics.median(values);
  }

  static double sum(List<Line> lines) {
    return lines.stream().mapToDouble(Line::perEvent).sum();
  }

  private static String name(RecordedCall call) {
    return "%s: %s".formatted(call.caller().service(), call.operation().name());
  }
}
