package io.smartdoor.infra;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class IdentifyDefinitionTest {

  /** A subscriber should have heard of every identification by then, failed ones included. */
  private static final double BUDGET_SECONDS = 30;

  private static final JsonNode DEFINITION =
      JsonMapper.shared().readTree(Repository.read(Repository.WORKFLOW));

  private static final StateMachineDefinition MACHINE = StateMachineDefinition.of(DEFINITION);

  /** Values of AWS where a definition is silent: docs.aws.amazon.com, "Handling errors". */
  private static final int DEFAULT_MAX_ATTEMPTS = 3;

  private static final double DEFAULT_INTERVAL_SECONDS = 1;
  private static final double DEFAULT_BACKOFF_RATE = 2;

  static Stream<Map.Entry<String, JsonNode>> tasks() {
    return states().filter(it -> it.getValue().path("Type").asString().equals("Task"));
  }

  @ParameterizedTest
  @MethodSource("tasks")
  void limitsTheTimeOfEachTaskAndCatchesWhateverItThrows(Map.Entry<String, JsonNode> task) {
    var catchers = task.getValue().path("Catch");

    assertThat(task.getValue().path("TimeoutSeconds").asInt()).isPositive();
    assertThat(catchers).isNotEmpty();
    assertThat(errorsOf(catchers.path(catchers.size() - 1))).containsExactly("States.ALL");
  }

  @ParameterizedTest
  @MethodSource("tasks")
  void retriesEachTaskOnNamedErrorsOnly(Map.Entry<String, JsonNode> task) {
    var retriers = task.getValue().path("Retry").values();
    var service =
        task.getValue().path("Resource").asString().contains(":events:")
            ? "EventBridge."
            : "DynamoDB.";

    assertThat(retriers).isNotEmpty();
    for (var retrier : retriers) {
      assertThat(errorsOf(retrier))
          .isNotEmpty()
          .allMatch(it -> it.equals("States.Timeout") || it.startsWith(service));
    }
  }

  /**
   * How Step Functions names an error of an integrated service is documented by example only: a
   * name built from the API's error code, or the service's catch-all {@code
   * AmazonDynamoDBException} (Developer Guide, sample project "Invoke Synchronous Express
   * Workflows"). So every transient error of DynamoDB's own list (Developer Guide, "Error handling
   * with DynamoDB") stands under each name that it may have.
   */
  @ParameterizedTest
  @MethodSource("tasks")
  void readsAgainAfterEveryTransientErrorUnderEachOfItsNames(Map.Entry<String, JsonNode> task) {
    if (task.getValue().path("Resource").asString().endsWith("dynamodb:getItem")) {
      assertThat(task.getValue().path("Retry")).hasSize(1);
      assertThat(errorsOf(task.getValue().path("Retry").path(0)))
          .containsExactlyInAnyOrder(
              "DynamoDB.AmazonDynamoDBException",
              "DynamoDB.InternalServerError",
              "DynamoDB.InternalServerErrorException",
              "DynamoDB.ProvisionedThroughputExceededException",
              "DynamoDB.RequestLimitExceeded",
              "DynamoDB.RequestLimitExceededException",
              "DynamoDB.SdkClientException",
              "DynamoDB.ServiceUnavailable",
              "DynamoDB.ThrottlingException",
              "States.Timeout");
    }
  }

  @ParameterizedTest
  @MethodSource("tasks")
  void publishesAgainWhatTheBusRefusedForTheMoment(Map.Entry<String, JsonNode> task) {
    if (task.getValue().path("Resource").asString().endsWith("events:putEvents")) {
      assertThat(task.getValue().path("Retry").values())
          .anySatisfy(it -> assertThat(errorsOf(it)).contains("EventBridge.FailedEntry"));
    }
  }

  @Test
  void endsWithinItsBudgetWhateverHappens() {
    var longest = longestFrom(DEFINITION.path("StartAt").asString(), List.of());

    assertThat(longest).isPositive().isLessThan(BUDGET_SECONDS);
  }

  @Test
  void hasAnOverallTimeoutThatOnlyTheBrokenMeets() {
    // No Catch sees this one, so it must never be the one that strikes first.
    assertThat(DEFINITION.path("TimeoutSeconds").asDouble()).isGreaterThan(BUDGET_SECONDS);
  }

  @Test
  void leadsToEveryState() {
    var reached = new TreeSet<String>();
    collect(DEFINITION.path("StartAt").asString(), reached);

    assertThat(reached)
        .containsExactlyInAnyOrderElementsOf(states().map(Map.Entry::getKey).toList());
  }

  @Test
  void leadsFromEveryStateToOneThatIsThere() {
    assertThat(MACHINE.states()).contains(MACHINE.start());
    assertThat(MACHINE.transitions()).allMatch(it -> MACHINE.states().contains(it.target()));
  }

  /** Else no history could say which branch was taken, and no test whether it works. */
  @Test
  void leadsNoTwoBranchesOfAChoiceToTheSameState() {
    for (var state : MACHINE.states()) {
      assertThat(MACHINE.outOf(state).filter(it -> it.kind() != Transition.Kind.CATCH))
          .extracting(Transition::target)
          .doesNotHaveDuplicates();
    }
  }

  /** A field that is misspelt there is ignored, and so is the rule: cfn-lint does not see it. */
  @Test
  void writesRetriersAndCatchersAsTheLanguageHasThem() {
    states()
        .forEach(state -> {
          assertThat(fieldsOf(state.getValue().path("Retry")))
              .as(state.getKey())
              .isSubsetOf(
                  "ErrorEquals",
                  "IntervalSeconds",
                  "MaxAttempts",
                  "BackoffRate",
                  "MaxDelaySeconds",
                  "JitterStrategy",
                  "Comment");
          assertThat(fieldsOf(state.getValue().path("Catch")))
              .as(state.getKey())
              .isSubsetOf("ErrorEquals", "Next", "Assign", "Output", "Comment");
        });
  }

  /** A catcher behind one that takes everything, or a second one for the same, is never asked. */
  @Test
  void asksEveryCatcher() {
    for (var state : MACHINE.states()) {
      var asked = MACHINE.outOf(state).filter(it -> it.kind() == Transition.Kind.CATCH).toList();
      for (var later : asked) {
        assertThat(asked.subList(0, later.index()))
            .as(later.toString())
            .noneMatch(it -> later.errors().stream().allMatch(it::catches));
      }
    }
  }

  private static List<String> fieldsOf(JsonNode rules) {
    return rules.values().stream().flatMap(it -> it.propertyNames().stream()).toList();
  }

  /** Seconds from a state's entry to the end, by the slowest way there is. */
  private static double longestFrom(String state, List<String> before) {
    assertThat(before).as("a loop has no longest path").doesNotContain(state);
    var path = Stream.concat(before.stream(), Stream.of(state)).toList();
    var definition = DEFINITION.path("States").path(state);
    assertThat(definition.isObject()).as("state " + state).isTrue();
    assertThat(definition.has("Seconds")).as("a Wait is no task: add it here").isFalse();
    return secondsIn(definition)
        + next(state).mapToDouble(it -> longestFrom(it, path)).max().orElse(0);
  }

  /** Every attempt runs into its timeout, and every wait between two is the longest. */
  private static double secondsIn(JsonNode state) {
    var attempts = 1;
    var waits = 0.0;
    for (var retrier : state.path("Retry")) {
      var retries = retrier.path("MaxAttempts").asInt(DEFAULT_MAX_ATTEMPTS);
      var wait = retrier.path("IntervalSeconds").asDouble(DEFAULT_INTERVAL_SECONDS);
      var rate = retrier.path("BackoffRate").asDouble(DEFAULT_BACKOFF_RATE);
      attempts += retries;
      for (var retry = 0; retry < retries; retry++) {
        waits += wait * Math.pow(rate, retry);
      }
    }
    return attempts * state.path("TimeoutSeconds").asDouble(0) + waits;
  }

  private static Stream<String> next(String state) {
    return MACHINE.outOf(state).map(Transition::target);
  }

  private static void collect(String state, Set<String> reached) {
    if (reached.add(state)) {
      next(state).forEach(it -> collect(it, reached));
    }
  }

  private static Stream<Map.Entry<String, JsonNode>> states() {
    return DEFINITION.path("States").properties().stream();
  }

  private static List<String> errorsOf(JsonNode rule) {
    return rule.path("ErrorEquals").values().stream().map(JsonNode::asString).toList();
  }
}
