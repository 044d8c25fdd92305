package io.smartdoor.faults;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * All calls that went through the proxy since the log was cleared. A call is in it before its
 * caller has the answer. Safe for use by several threads.
 */
public final class CallLog {

  private static final Comparator<RecordedCall> BY_ARRIVAL =
      Comparator.comparingLong(RecordedCall::sequence);

  private static final int TOLD_BY_A_FAILURE = 20;

  private final List<RecordedCall> calls = new ArrayList<>();
  private int cleared;

  /** In the order of arrival; what is still under way is missing. */
  public synchronized List<RecordedCall> all() {
    return calls.stream().sorted(BY_ARRIVAL).toList();
  }

  /** In the order of arrival. */
  public List<RecordedCall> matching(Predicate<RecordedCall> condition) {
    return all().stream().filter(condition).toList();
  }

  /** How many calls of each operation, idle polls left out. */
  public synchronized Map<AwsOperation, Long> counts() {
    return calls.stream()
        .filter(it -> !it.idle())
        .collect(
            groupingBy(
                RecordedCall::operation,
                () -> new TreeMap<>(Comparator.comparing(AwsOperation::toString)),
                counting()));
  }

  /** The names of all calls, in the order of arrival; idle polls have none. */
  public List<CallName> names() {
    Map<CallName, Integer> ordinals = new HashMap<>();
    return all().stream()
        .filter(it -> !it.idle())
        .map(CallName::of)
        .map(it -> it.withOrdinal(ordinals.merge(it, 1, Integer::sum)))
        .toList();
  }

  /**
   * Waits until so many calls match.
   *
   * @return those that match, in the order in which they ended
   * @throws AssertionError if there are fewer when the limit has passed
   */
  public synchronized List<RecordedCall> await(
      int expected, Predicate<RecordedCall> condition, Duration limit) throws InterruptedException {
    var end = System.nanoTime() + limit.toNanos();
    List<RecordedCall> found = new ArrayList<>();
    var read = 0;
    for (var generation = cleared; ; ) {
      if (generation != cleared) { // what was found is forgotten
        generation = cleared;
        found.clear();
        read = 0;
      }
      for (; read < calls.size(); read++) {
        if (condition.test(calls.get(read))) {
          found.add(calls.get(read));
        }
      }
      if (found.size() >= expected) {
        return List.copyOf(found);
      }
      var left = (end - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        throw new AssertionError(
            "expected %d calls within %s, found %d: %s, among %d, the last of which: %s"
                .formatted(expected, limit, found.size(), found, calls.size(), last()));
      }
      wait(left);
    }
  }

  /** Forgets all calls, so that counts and ordinals begin anew. */
  public synchronized void clear() {
    calls.clear();
    cleared++;
    notifyAll();
  }

  synchronized void add(RecordedCall call) {
    calls.add(call);
    notifyAll();
  }

  private List<RecordedCall> last() {
    return calls.subList(Math.max(0, calls.size() - TOLD_BY_A_FAILURE), calls.size());
  }
}
