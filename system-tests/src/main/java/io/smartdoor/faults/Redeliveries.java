package io.smartdoor.faults;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** Messages that wait, by queue, for being delivered once more. Safe for use by several threads. */
final class Redeliveries {

  /** A message, and the rule that strikes when it is delivered. */
  record Waiting(JsonNode message, Rule rule) {}

  private final Map<String, Deque<Waiting>> waiting = new HashMap<>();
  private final Set<String> doubled = new HashSet<>();

  /** The answer's messages that were not doubled before and are no copies. */
  synchronized List<JsonNode> newIn(AwsCall call, AwsAnswer answer) {
    return call.is(AwsOperation.RECEIVE_MESSAGE)
        ? Messages.in(answer).stream().filter(it -> !doubled.contains(Messages.id(it))).toList()
        : List.of();
  }

  /** True the first time for a message. */
  synchronized boolean markDoubled(String messageId) {
    return doubled.add(messageId);
  }

  synchronized void add(String queue, Waiting message) {
    waiting.computeIfAbsent(queue, _ -> new ArrayDeque<>()).addLast(message);
  }

  synchronized List<Waiting> take(String queue, int most) {
    var messages = waiting.getOrDefault(queue, new ArrayDeque<>());
    List<Waiting> taken = new ArrayList<>();
    while (taken.size() < most && !messages.isEmpty()) {
      taken.add(messages.removeFirst());
    }
    return taken;
  }

  synchronized void putBack(String queue, List<Waiting> taken) {
    taken
        .reversed()
        .forEach(it -> waiting.computeIfAbsent(queue, _ -> new ArrayDeque<>()).addFirst(it));
  }
}
