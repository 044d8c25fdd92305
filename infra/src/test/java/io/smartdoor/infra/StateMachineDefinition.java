package io.smartdoor.infra;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The states of a definition in the Amazon States Language, and the transitions between them. One
 * state follows another: no machine of this system has a Parallel or a Map.
 *
 * @param start the first state's name
 */
record StateMachineDefinition(String start, Set<String> states, List<Transition> transitions) {

  StateMachineDefinition {
    states = Set.copyOf(states);
    transitions = List.copyOf(transitions);
  }

  static StateMachineDefinition of(String text) {
    return of(JsonMapper.shared().readTree(text));
  }

  static StateMachineDefinition of(JsonNode definition) {
    var states = new LinkedHashSet<String>();
    var transitions = new ArrayList<Transition>();
    definition
        .path("States")
        .properties()
        .forEach(state -> {
          var type = state.getValue().path("Type").asString();
          if (type.equals("Parallel") || type.equals("Map")) {
            throw new IllegalArgumentException(
                "expected states that follow each other, found %s of type %s"
                    .formatted(state.getKey(), type));
          }
          states.add(state.getKey());
          transitions(state.getKey(), state.getValue()).forEach(transitions::add);
        });
    return new StateMachineDefinition(definition.path("StartAt").asString(), states, transitions);
  }

  Stream<Transition> outOf(String state) {
    return transitions.stream().filter(it -> it.source().equals(state));
  }

  private static Stream<Transition> transitions(String name, JsonNode state) {
    return Stream.of(
            single(name, Transition.Kind.NEXT, state.path("Next")),
            each(name, Transition.Kind.CHOICE, state.path("Choices")),
            single(name, Transition.Kind.DEFAULT, state.path("Default")),
            each(name, Transition.Kind.CATCH, state.path("Catch")))
        .flatMap(it -> it);
  }

  private static Stream<Transition> single(String name, Transition.Kind kind, JsonNode target) {
    return target.isString()
        ? Stream.of(new Transition(name, kind, 0, List.of(), target.asString()))
        : Stream.empty();
  }

  private static Stream<Transition> each(String name, Transition.Kind kind, JsonNode rules) {
    return IntStream.range(0, rules.size())
        .mapToObj(i ->
            new Transition(
                name,
                kind,
                i,
                rules.path(i).path("ErrorEquals").values().stream()
                    .map(JsonNode::asString)
                    .toList(),
                rules.path(i).path("Next").asString()));
  }
}
