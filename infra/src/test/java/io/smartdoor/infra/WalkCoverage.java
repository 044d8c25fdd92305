package io.smartdoor.infra;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.sfn.model.HistoryEvent;

/**
 * Which states and transitions of a definition executions have taken, by what their histories say.
 *
 * <p>A history has no transitions, only states one after the other and errors between them. So of a
 * Choice that leads to one state by two branches nobody can say which was taken: that is reported,
 * not guessed. Not safe for use by several threads.
 */
final class WalkCoverage {

  private final StateMachineDefinition definition;
  private final Map<Transition, String> exceptions;
  private final Set<String> states = new TreeSet<>();
  private final Map<Transition, Integer> taken = new LinkedHashMap<>();
  private final List<String> unexplained = new ArrayList<>();
  private int executions;

  /**
   * @param exceptions transitions that cannot be walked here, and why: what an emulator does not
   *     enforce, say. One that is walked all the same is a mistake
   */
  WalkCoverage(StateMachineDefinition definition, Map<Transition, String> exceptions) {
    this.definition = definition;
    this.exceptions = Map.copyOf(exceptions);
    definition.transitions().forEach(it -> taken.put(it, 0));
  }

  /** Adds what one execution did, by its events, oldest first. */
  void add(List<HistoryEvent> history) {
    executions++;
    @Nullable String current = null;
    @Nullable String error = null;
    for (var event : history) {
      var type = event.typeAsString();
      if (event.stateEnteredEventDetails() != null) {
        var entered = event.stateEnteredEventDetails().name();
        states.add(entered);
        if (current != null) {
          count(current, error, entered);
        }
        current = entered;
        error = null;
      } else if (type.endsWith("Scheduled") || type.endsWith("Succeeded")) {
        error = null;
      } else {
        error = errorOf(event).orElse(error);
      }
    }
  }

  /** Everything that is wrong, in words; empty if every state and every transition was taken. */
  List<String> gaps() {
    return Stream.of(
            definition.states().stream()
                .sorted()
                .filter(it -> !states.contains(it))
                .filter(it -> !isExcepted(it))
                .map(it -> "never entered: " + it),
            taken.entrySet().stream()
                .filter(it -> it.getValue() == 0 && !exceptions.containsKey(it.getKey()))
                .map(it -> "never taken: " + it.getKey()),
            exceptions.keySet().stream()
                .filter(it -> taken.getOrDefault(it, 1) > 0)
                .map(it -> "no exception is needed, or there is no such transition: " + it),
            unexplained.stream())
        .flatMap(it -> it)
        .toList();
  }

  /** For people: numbers first, then each transition with how often it was taken. */
  String report(String name) {
    var walked = taken.values().stream().filter(it -> it > 0).count();
    var text =
        new StringBuilder(
            "coverage of %s by the histories of %d executions: states %d/%d, transitions %d/%d%n"
                .formatted(
                    name,
                    executions,
                    definition.states().stream().filter(states::contains).count(),
                    definition.states().size(),
                    walked,
                    taken.size()));
    taken.forEach((transition, times) -> {
      var reason = exceptions.get(transition);
      text.append(
          reason == null
              ? "  %3d  %s%n".formatted(times, transition)
              : "  skipped  %s: %s%n".formatted(transition, reason));
    });
    return text.toString();
  }

  private void count(String from, @Nullable String error, String to) {
    var possible =
        definition
            .outOf(from)
            .filter(it -> (it.kind() == Transition.Kind.CATCH) == (error != null))
            .filter(it -> error == null || it.catches(error));
    // The first catcher that takes an error is the one; rules and targets tell the others apart.
    var fitting =
        (error == null ? possible.filter(it -> it.target().equals(to)) : possible.limit(1))
            .filter(it -> it.target().equals(to))
            .toList();
    if (fitting.size() == 1) {
      taken.merge(fitting.getFirst(), 1, Integer::sum);
    } else {
      unexplained.add(
          "expected one transition from %s to %s%s, found %s"
              .formatted(from, to, error == null ? "" : " on " + error, fitting));
    }
  }

  /** Whether nothing but excepted transitions leads there. */
  private boolean isExcepted(String state) {
    var leading =
        definition.transitions().stream().filter(it -> it.target().equals(state)).toList();
    return !leading.isEmpty() && exceptions.keySet().containsAll(leading);
  }

  /**
   * A task has one kind of failure per way of ending
   * (https://docs.aws.amazon.com/step-functions/latest/apireference/API_HistoryEvent.html); all but
   * a failed state of the whole execution can be caught.
   */
  private static Optional<String> errorOf(HistoryEvent event) {
    if (event.taskFailedEventDetails() != null) {
      return Optional.of(event.taskFailedEventDetails().error());
    }
    if (event.taskTimedOutEventDetails() != null) {
      return Optional.of(or(event.taskTimedOutEventDetails().error(), "States.Timeout"));
    }
    if (event.taskSubmitFailedEventDetails() != null) {
      return Optional.of(or(event.taskSubmitFailedEventDetails().error(), "States.TaskFailed"));
    }
    if (event.taskStartFailedEventDetails() != null) {
      return Optional.of(or(event.taskStartFailedEventDetails().error(), "States.TaskFailed"));
    }
    if (event.evaluationFailedEventDetails() != null) {
      return Optional.of(
          or(event.evaluationFailedEventDetails().error(), "States.QueryEvaluationError"));
    }
    return Optional.empty();
  }

  private static String or(@Nullable String error, String otherwise) {
    return error == null ? otherwise : error;
  }
}
