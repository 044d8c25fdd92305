package io.smartdoor.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class ReportTest {

  @Test
  void saysWhatWasReachedWithItsSpread() {
    var report = report(Measured.findings(Measured.DRAIN));

    assertThat(report.passed()).isTrue();
    assertThat(report.text())
        .contains(
            "| backlog worked off | 186 /s | 200 /s | 0.93 | 0.92–0.95 (3) | ≥ 0.90 | reached |",
            "| lock: Query | 0.05 | 0.00 |",
            "| 1,000 | 61 (59–62) | 12.10 (12.00–12.20) | |",
            "| slow | 100 % | 12 ms, 12 ms | 0 % | 12 ms, 12 ms |",
            "- backlog: 1000 messages")
        .endsWith("reached after 60 s");
  }

  @Test
  void failsWhereAFigureIsMissed() {
    var report = report(Measured.findings(Measured.DRAIN, Measured.MISSED));

    assertThat(report.passed()).isFalse();
    assertThat(report.text()).contains("**MISSED**").endsWith("NOT REACHED after 60 s");
  }

  @Test
  void isTolerableUnlessAFigureIsMissedInEveryRound() {
    assertThat(report(Measured.findings(Measured.DRAIN)).isTolerable()).isTrue();
    assertThat(report(Measured.findings(Measured.DRAIN, Measured.MISSED)).isTolerable()).isFalse();
    assertThat(
            new Report(
                    Measured.findings(Measured.DRAIN),
                    List.of(),
                    Duration.ZERO,
                    Optional.of("no room"))
                .isTolerable())
        .isFalse();
  }

  @Test
  void failsWhereADoorHadNoAnswerOrAnInboxNoEntry() {
    var well = Measured.course(_ -> true);
    var ill = Measured.course(it -> it != 8);

    assertThat(new Findings.Disturbed(well, ill, 1).holds()).isTrue();
    assertThat(new Findings.Disturbed(ill, well, 1).holds()).isFalse();
    assertThat(new Findings.Disturbed(well, ill, 0.99).holds()).isFalse();
  }

  @Test
  void failsWhereTheRunEndedEarly() {
    var report =
        new Report(
            Measured.findings(Measured.DRAIN), List.of(), Duration.ZERO, Optional.of("no room"));

    assertThat(report.passed()).isFalse();
    assertThat(report.text()).contains("- ended early: no room");
  }

  @Test
  void failsWhereNothingWasMeasured() {
    var nothing = new Findings(List.of(), List.of(), Optional.empty(), Optional.empty());

    assertThat(report(nothing).passed()).isFalse();
  }

  @Test
  void tellsProgramsTheSame() {
    var json = JsonMapper.shared().readTree(report(Measured.findings(Measured.MISSED)).json());

    assertThat(json.path("passed").booleanValue()).isFalse();
    var figure = json.path("figures").path(0);
    assertThat(figure.path("figure").stringValue()).isEqualTo("cpu");
    assertThat(figure.path("ratio").doubleValue()).isEqualTo(2);
    assertThat(figure.path("at-most").doubleValue()).isEqualTo(1.5);
    assertThat(figure.path("reached").booleanValue()).isFalse();
    assertThat(figure.path("rounds").path(0).path("floor").doubleValue()).isEqualTo(2);
    assertThat(json.path("growth").path("flat").booleanValue()).isTrue();
    assertThat(json.path("conditions").path("backlog").stringValue()).isEqualTo("1000 messages");
  }

  private static Report report(Findings findings) {
    return new Report(
        findings,
        List.of(new Report.Condition("backlog", "1000 messages")),
        Duration.ofSeconds(60),
        Optional.empty());
  }
}
