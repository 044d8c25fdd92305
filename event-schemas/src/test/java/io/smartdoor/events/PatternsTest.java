package io.smartdoor.events;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.event.ruler.Ruler;
import tools.jackson.databind.JsonNode;

/** The rules' patterns, matched by EventBridge's own matcher against the samples. */
class PatternsTest {

  static Stream<String> patterns() {
    return Resources.names("patterns").stream();
  }

  static Stream<String> samples() {
    return Resources.names("samples").stream();
  }

  @ParameterizedTest
  @MethodSource("samples")
  void notificationHearsOfEveryEvent(String sample) throws Exception {
    assertThat(matches("notification.json", Resources.text("samples/" + sample))).isTrue();
  }

  @ParameterizedTest
  @MethodSource("samples")
  void identificationHearsOfOpenedDoorsOnly(String sample) throws Exception {
    assertThat(matches("identification.json", Resources.text("samples/" + sample)))
        .isEqualTo(
            sample.startsWith("door-status-open")
                || List.of("door-status-smallest.json", "door-status-of-a-newer-schema.json")
                    .contains(sample));
  }

  @ParameterizedTest
  @CsvSource({
    "FAILED, smartdoor-identify, true",
    "TIMED_OUT, smartdoor-identify, true",
    "ABORTED, smartdoor-identify, true",
    "SUCCEEDED, smartdoor-identify, false",
    "RUNNING, smartdoor-identify, false",
    "FAILED, somebody-elses, false"
  })
  void identificationHearsOfItsExecutionsThatDied(String status, String machine, boolean heard)
      throws Exception {
    var statusChange =
        """
        {"source": "aws.states", "detail-type": "Step Functions Execution Status Change",
         "detail": {"status": "%s", "stateMachineArn": "arn:aws:states:eu-central-1:000000000000:stateMachine:%s"}}
        """
            .formatted(status, machine);

    assertThat(matches("workflow-ended.json", statusChange)).isEqualTo(heard);
  }

  @Test
  void aFieldThatThePatternNamesMustBePresent() throws Exception {
    var withoutState = Resources.sample("door-status-smallest").replace("\"state\"", "\"status\"");

    assertThat(matches("identification.json", withoutState)).isFalse();
  }

  @Test
  void fieldsThatThePatternDoesNotNameAreIgnored() throws Exception {
    assertThat(matches("identification.json", Resources.sample("door-status-of-a-newer-schema")))
        .isTrue();
  }

  @ParameterizedTest
  @CsvSource({"Door Status, door status", "SmartDoor, smartdoor", "open, Open"})
  void matchingIsExactLetterCaseIncluded(String written, String otherwise) throws Exception {
    var sample = Resources.sample("door-status-smallest");

    assertThat(matches("identification.json", sample)).isTrue();
    assertThat(
            matches(
                "identification.json", sample.replace('"' + written + '"', '"' + otherwise + '"')))
        .isFalse();
  }

  /**
   * EventBridge's documentation compares numbers as they are written (300 is not 300.0),
   * event-ruler 2.1.0 by value. So that it does not matter which holds, no pattern of ours has one.
   */
  @ParameterizedTest
  @MethodSource("patterns")
  void noPatternContainsANumber(String pattern) {
    assertThat(numbersIn(Resources.json("patterns/" + pattern))).isZero();
  }

  @Test
  void eventRulerComparesNumbersByValue() throws Exception {
    assertThat(Ruler.matchesRule("{\"a\": 300.0}", "{\"a\": [300]}")).isTrue();
    assertThat(Ruler.matchesRule("{\"a\": \"300\"}", "{\"a\": [300]}")).isFalse();
  }

  /** The mistake of the article that this system follows: see docs/events.md. */
  @Test
  void aPatternWithALiteralKeyNeverMatchesASecondEvent() throws Exception {
    var asPublished =
        """
        {"source": ["SmartDoor"], "detail-type": ["Door Opened"],
         "detail": {"metadata": {"idempotency-key": ["6a5c14d7-f1ed-4e5e-9c76-44a3f718ed96"]}, "state": ["open"]}}
        """;
    var first = Resources.sample("door-status-smallest");
    var second = first.replace("6a5c14d7", "7b6d25e8");
    var withTheRightDetailType = asPublished.replace("Door Opened", "Door Status");

    assertThat(Ruler.matchesRule(first, asPublished)).isFalse();
    assertThat(Ruler.matchesRule(first, withTheRightDetailType)).isTrue();
    assertThat(Ruler.matchesRule(second, withTheRightDetailType)).isFalse();
  }

  private static boolean matches(String pattern, String event) throws Exception {
    return Ruler.matchesRule(event, Resources.text("patterns/" + pattern));
  }

  private static long numbersIn(JsonNode node) {
    return node.isNumber() ? 1 : node.values().stream().mapToLong(PatternsTest::numbersIn).sum();
  }
}
