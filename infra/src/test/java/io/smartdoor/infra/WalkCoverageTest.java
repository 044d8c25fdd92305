package io.smartdoor.infra;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.sfn.model.HistoryEvent;

class WalkCoverageTest {

  private static final StateMachineDefinition MACHINE =
      StateMachineDefinition.of(
          """
          {"StartAt": "Which", "States": {
            "Which": {"Type": "Choice", "Choices": [{"Condition": "{% 1 %}", "Next": "Ask"}],
                      "Default": "Done"},
            "Ask": {"Type": "Task", "Next": "Done", "Catch": [
              {"ErrorEquals": ["States.HeartbeatTimeout"], "Next": "Silent"},
              {"ErrorEquals": ["States.Timeout"], "Next": "Done"},
              {"ErrorEquals": ["States.ALL"], "Next": "Done"}]},
            "Silent": {"Type": "Pass", "End": true},
            "Done": {"Type": "Succeed"}}}\
          """);

  private static final Transition SILENCE =
      MACHINE.outOf("Ask").filter(it -> it.target().equals("Silent")).findFirst().orElseThrow();

  private final WalkCoverage coverage = new WalkCoverage(MACHINE, Map.of());

  @Test
  void nothingIsCoveredBeforeAnythingWalks() {
    assertThat(coverage.gaps()).hasSize(4 + 6);
    assertThat(coverage.report("it")).contains("states 0/4, transitions 0/6");
  }

  @Test
  void everyBranchAndEveryCatcherHasToBeTaken() {
    coverage.add(List.of(entered("Which"), entered("Done")));
    coverage.add(List.of(entered("Which"), entered("Ask"), succeeded(), entered("Done")));
    coverage.add(List.of(entered("Which"), entered("Ask"), failed("Other"), entered("Done")));
    assertThat(coverage.gaps())
        .containsExactly(
            "never entered: Silent",
            "never taken: Ask → Silent (on States.HeartbeatTimeout)",
            "never taken: Ask → Done (on States.Timeout)");

    coverage.add(List.of(entered("Which"), entered("Ask"), timedOut(), entered("Done")));
    coverage.add(
        List.of(
            entered("Which"),
            entered("Ask"),
            failed("States.HeartbeatTimeout"),
            entered("Silent")));

    assertThat(coverage.gaps()).isEmpty();
    assertThat(coverage.report("it"))
        .startsWith("coverage of it by the histories of 5 executions: states 4/4, transitions 6/6")
        .contains("    4  Which → Ask (rule 1)", "    1  Ask → Done (on States.ALL)");
  }

  @Test
  void anErrorThatARetryMendedWasNotCaught() {
    coverage.add(
        List.of(entered("Ask"), failed("Other"), scheduled(), succeeded(), entered("Done")));

    assertThat(coverage.report("it"))
        .contains("    1  Ask → Done (next)", "    0  Ask → Done (on States.ALL)");
  }

  @Test
  void aWayThatTheDefinitionDoesNotHaveIsAGap() {
    coverage.add(List.of(entered("Which"), entered("Silent")));
    coverage.add(List.of(entered("Ask"), timedOut(), entered("Silent")));

    assertThat(coverage.gaps())
        .contains(
            "expected one transition from Which to Silent, found []",
            "expected one transition from Ask to Silent on States.Timeout, found []");
  }

  @Test
  void branchesThatLeadToTheSameStateCannotBeToldApart() {
    var twice =
        StateMachineDefinition.of(
            """
            {"StartAt": "Which", "States": {
              "Which": {"Type": "Choice", "Choices": [{"Next": "Done"}], "Default": "Done"},
              "Done": {"Type": "Succeed"}}}\
            """);
    var found = new WalkCoverage(twice, Map.of());

    found.add(List.of(entered("Which"), entered("Done")));

    assertThat(found.gaps())
        .contains(
            "expected one transition from Which to Done, found"
                + " [Which → Done (rule 1), Which → Done (otherwise)]");
  }

  @Test
  void whatCannotBeWalkedIsSkippedWithItsReasonAndNotCounted() {
    var found = new WalkCoverage(MACHINE, Map.of(SILENCE, "no heartbeats here"));

    assertThat(found.gaps()).noneMatch(it -> it.contains("Silent"));
    assertThat(found.report("it"))
        .contains("skipped  Ask → Silent (on States.HeartbeatTimeout): no heartbeats here");
  }

  @Test
  void anExceptionThatIsWalkedIsNone() {
    var found = new WalkCoverage(MACHINE, Map.of(SILENCE, "no heartbeats here"));

    found.add(List.of(entered("Ask"), failed("States.HeartbeatTimeout"), entered("Silent")));

    assertThat(found.gaps())
        .contains(
            "no exception is needed, or there is no such transition:"
                + " Ask → Silent (on States.HeartbeatTimeout)");
  }

  @Test
  void statesSideBySideAreRefused() {
    assertThatThrownBy(() ->
            StateMachineDefinition.of(
                "{\"StartAt\": \"Both\", \"States\": {\"Both\": {\"Type\": \"Parallel\"}}}"))
        .hasMessageContaining("Both of type Parallel");
  }

  private static HistoryEvent entered(String state) {
    return HistoryEvent.builder()
        .type("TaskStateEntered")
        .stateEnteredEventDetails(it -> it.name(state))
        .build();
  }

  private static HistoryEvent scheduled() {
    return HistoryEvent.builder().type("TaskScheduled").build();
  }

  private static HistoryEvent succeeded() {
    return HistoryEvent.builder().type("TaskSucceeded").build();
  }

  private static HistoryEvent failed(String error) {
    return HistoryEvent.builder()
        .type("TaskFailed")
        .taskFailedEventDetails(it -> it.error(error))
        .build();
  }

  private static HistoryEvent timedOut() {
    return HistoryEvent.builder()
        .type("TaskTimedOut")
        .taskTimedOutEventDetails(it -> it.resource("x"))
        .build();
  }
}
