package io.smartdoor.proof;

import static org.assertj.core.api.Assertions.assertThat;

import io.smartdoor.events.IdempotencyKey;
import io.smartdoor.faults.Caller;
import io.smartdoor.proof.Fleet.Ended;
import io.smartdoor.proof.Violation.Kind;
import io.smartdoor.proof.Webhook.Answer;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class SoakReportTest {

  private static final Plan PLAN = Plan.of(7, Duration.ofMinutes(2));
  private static final IdempotencyKey KEY =
      IdempotencyKey.of("6a5c14d7-f1ed-4e5e-9c76-44a3f718ed96");
  private static final Violation LOSS = new Violation(Kind.LOST_EVENT, "one");

  private final Map<String, Integer> struck =
      new HashMap<>(
          PLAN.disturbances().stream()
              .collect(Collectors.toMap(Disturbance::kind, _ -> 1, Integer::sum)));
  private final Asked asked =
      Asked.of(
          List.of(
              new Webhook(KEY, "door-1", Opening.BY_HAND, Optional.empty()),
              new Webhook(KEY, "door-1", Opening.BY_HAND, Optional.of(new Answer(202, "{}")))));
  private List<Optional<Duration>> stops = List.of(Optional.of(Duration.ofSeconds(2)));
  private List<Ended> ended = List.of();
  private List<Violation> violations = List.of();
  private Optional<String> failure = Optional.empty();

  @Test
  void provesWhereEverythingHeldAndAllTroubleStruck() {
    assertThat(report().passed()).isTrue();
    assertThat(report().text())
        .contains("- webhooks: 2", "- answered-202: 1", "- unanswered: 1", "SIGTERM: 2.000 s")
        .endsWith("0 promises broken, 2 webhooks; seed 7, 120 s of 200 s");
  }

  @Test
  void provesNothingWhereATroubleNeverStruckAndSaysWhich() {
    struck.put("SQS throttled", 0);

    assertThat(report().passed()).isFalse();
    assertThat(report().text()).contains("NEVER STRUCK: SQS throttled", "NOT PROVED");
  }

  @Test
  void provesNothingWhereAPromiseWasBrokenAndSaysWhich() {
    violations = List.of(LOSS);

    assertThat(report().passed()).isFalse();
    assertThat(report().text()).contains(LOSS.toString());
  }

  @Test
  void provesNothingWhereAServiceDidNotStop() {
    stops = List.of(Optional.empty());

    assertThat(report().passed()).isFalse();
    assertThat(report().text()).contains("DID NOT STOP");
  }

  @Test
  void provesNothingWhereAServiceEndedByItself() {
    ended = List.of(new Ended(new Caller("lock", 3), true));

    assertThat(report().passed()).isFalse();
    assertThat(report().text()).contains("ENDED BY ITSELF: lock-3");
  }

  @Test
  void doesNotMindAServiceThatCouldNotComeUpInTheMiddleOfTrouble() {
    ended = List.of(new Ended(new Caller("lock", 3), false));

    assertThat(report().passed()).isTrue();
    assertThat(report().text()).contains("- never-came-up: 1");
  }

  @Test
  void provesNothingWhereNothingWasAccepted() {
    var nothing =
        new SoakReport(
            PLAN, Asked.of(List.of()), struck, stops, ended, violations, Duration.ZERO, failure);

    assertThat(nothing.passed()).isFalse();
  }

  @Test
  void provesNothingWhereItEndedEarlyAndTellsWhatItKnows() {
    failure = Optional.of("no instance left");

    assertThat(report().passed()).isFalse();
    var json = JsonMapper.shared().readTree(report().json());
    assertThat(json.get("passed").booleanValue()).isFalse();
    assertThat(json.get("failure").stringValue()).isEqualTo("no instance left");
    assertThat(json.get("seed").intValue()).isEqualTo(7);
    assertThat(json.get("numbers").get("answered-202").intValue()).isEqualTo(1);
    assertThat(json.get("trouble").get(0).get("struck").intValue()).isPositive();
  }

  private SoakReport report() {
    return new SoakReport(
        PLAN, asked, struck, stops, ended, violations, Duration.ofSeconds(200), failure);
  }
}
