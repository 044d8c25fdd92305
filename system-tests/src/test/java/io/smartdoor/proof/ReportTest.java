package io.smartdoor.proof;

import static org.assertj.core.api.Assertions.assertThat;

import io.smartdoor.proof.Violation.Kind;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class ReportTest {

  private static final Violation LOSS = new Violation(Kind.LOST_EVENT, "one");
  private static final Verdict HOLDS = verdict(true);
  private static final Caught CAUGHT = caught(true, true);

  @Test
  void provesWhereEverythingHoldsAndEveryBrokenBuildIsCaught() {
    var report = report(List.of(HOLDS), List.of(CAUGHT));

    assertThat(report.passed()).isTrue();
    assertThat(report.text())
        .contains("| lock: PutEvents | holds |")
        .endsWith("proved: 1 of 1 crashes hold, 1 of 1 broken builds caught; 7 webhooks, 60 s");
  }

  @Test
  void provesNothingWhereNothingWasTried() {
    assertThat(report(List.of(), List.of()).passed()).isFalse();
  }

  @Test
  void provesNothingWhereAFaultNeverStruck() {
    assertThat(report(List.of(HOLDS, verdict(false)), List.of(CAUGHT)).passed()).isFalse();
    assertThat(report(List.of(HOLDS), List.of(caught(false, false))).passed()).isFalse();
  }

  @Test
  void provesNothingWhereAPromiseWasBrokenAndSaysWhich() {
    var report = report(List.of(verdict(true, LOSS)), List.of(CAUGHT));

    assertThat(report.passed()).isFalse();
    assertThat(report.text()).contains("**BROKEN**", LOSS.toString());
  }

  @Test
  void provesNothingWhereTheCheckerMissedABrokenBuild() {
    assertThat(report(List.of(HOLDS), List.of(caught(true, false))).passed()).isFalse();
  }

  @Test
  void provesNothingWhereAPromiseWasBrokenAfterwards() {
    var report =
        new Report(
            List.of(HOLDS), List.of(LOSS), List.of(CAUGHT), 7, Duration.ZERO, Optional.empty());

    assertThat(report.passed()).isFalse();
    assertThat(report.text()).contains("afterwards: " + LOSS);
  }

  @Test
  void provesNothingWhereItEndedEarlyAndTellsWhatItKnows() {
    var report =
        new Report(
            List.of(HOLDS),
            List.of(),
            List.of(CAUGHT),
            7,
            Duration.ZERO,
            Optional.of("no instance left"));

    assertThat(report.passed()).isFalse();
    var json = JsonMapper.shared().readTree(report.json());
    assertThat(json.get("passed").booleanValue()).isFalse();
    assertThat(json.get("failure").stringValue()).isEqualTo("no instance left");
    assertThat(json.get("cells")).hasSize(1);
    assertThat(json.get("broken").get(0).get("caught").booleanValue()).isTrue();
  }

  private static Report report(List<Verdict> verdicts, List<Caught> caught) {
    return new Report(verdicts, List.of(), caught, 7, Duration.ofMinutes(1), Optional.empty());
  }

  private static Verdict verdict(boolean fired, Violation... violations) {
    return new Verdict(
        "lock: PutEvents", "killed before", fired, List.of(violations), Duration.ofSeconds(3));
  }

  private static Caught caught(boolean fired, boolean caught) {
    return new Caught(
        "no sweeper", "killed before", fired, caught, List.of(LOSS), Duration.ofSeconds(3));
  }
}
