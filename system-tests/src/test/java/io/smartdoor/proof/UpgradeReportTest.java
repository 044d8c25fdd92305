package io.smartdoor.proof;

import static org.assertj.core.api.Assertions.assertThat;

import io.smartdoor.events.IdempotencyKey;
import io.smartdoor.faults.Caller;
import io.smartdoor.proof.Violation.Kind;
import io.smartdoor.proof.Webhook.Answer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class UpgradeReportTest {

  private static final IdempotencyKey KEY =
      IdempotencyKey.of("6a5c14d7-f1ed-4e5e-9c76-44a3f718ed96");
  private static final Replaced FIRST =
      new Replaced(new Caller("lock", 1), Optional.of(Duration.ofSeconds(2)), true);
  private static final Replaced SECOND =
      new Replaced(new Caller("lock", 2), Optional.of(Duration.ofSeconds(1)), true);

  private List<Replaced> replaced = List.of(FIRST, SECOND);
  private List<Violation> violations = List.of();
  private Optional<Answer> answer = Optional.of(new Answer(202, "{}"));
  private Optional<String> failure = Optional.empty();
  private Optional<Spoilt> spoilt = Optional.of(new Spoilt(10, List.of()));
  private int ended;

  @Test
  void provesWhereEveryInstanceWasReplacedUnderLoadAndEveryPromiseHeld() {
    assertThat(report().passed()).isTrue();
    assertThat(report().text())
        .contains("| lock-1 | 2.000 s |")
        .endsWith(
            "proved: 2 of 2 instances replaced while doors reported, 0 promises broken,"
                + " 10 of 10 noticed where this is spoilt; 2 webhooks, 1 put off; seed 7, 90 s");
  }

  @Test
  void provesNothingWhereAnInstanceWasLeft() {
    replaced = List.of(FIRST);

    assertThat(report().passed()).isFalse();
  }

  @Test
  void provesNothingWhereDoorsHadFallenSilent() {
    replaced = List.of(FIRST, new Replaced(SECOND.caller(), SECOND.stop(), false));

    assertThat(report().passed()).isFalse();
    assertThat(report().text()).contains("NOT UNDER LOAD", "NOT PROVED: 1 of 2");
  }

  @Test
  void provesNothingWhereAnInstanceDidNotStop() {
    replaced = List.of(FIRST, new Replaced(SECOND.caller(), Optional.empty(), true));

    assertThat(report().passed()).isFalse();
    assertThat(report().text()).contains("DID NOT STOP");
  }

  @Test
  void provesNothingWhereAnInstanceEndedByItself() {
    ended = 1;

    assertThat(report().passed()).isFalse();
  }

  @Test
  void provesNothingWhereAPromiseWasBrokenAndSaysWhich() {
    var loss = new Violation(Kind.LOST_EVENT, "one");
    violations = List.of(loss);

    assertThat(report().passed()).isFalse();
    assertThat(report().text()).contains(loss.toString());
  }

  @Test
  void provesNothingWhereNothingWasAccepted() {
    answer = Optional.of(new Answer(503, "{}"));

    assertThat(report().passed()).isFalse();
  }

  @Test
  void provesNothingWhereTheCheckerOverlooksWhatIsSpoilt() {
    spoilt = Optional.of(new Spoilt(10, List.of("an inbox entry is missing")));

    assertThat(report().passed()).isFalse();
    assertThat(report().text())
        .contains("did not notice where an inbox entry is missing", "9 of 10 noticed");
    assertThat(JsonMapper.shared().readTree(report().json()).get("unnoticed").values())
        .singleElement()
        .satisfies(it -> assertThat(it.stringValue()).isEqualTo("an inbox entry is missing"));
  }

  @Test
  void provesNothingWhereNothingWasSpoilt() {
    spoilt = Optional.empty();

    assertThat(report().passed()).isFalse();
  }

  @Test
  void provesNothingWhereItEndedEarly() {
    failure = Optional.of("no emulator");

    assertThat(report().passed()).isFalse();
    assertThat(report().text()).contains("ended early: no emulator");
  }

  @Test
  void saysTheSameToPrograms() {
    var json = JsonMapper.shared().readTree(report().json());

    assertThat(json.get("passed").booleanValue()).isTrue();
    assertThat(json.get("put-off").intValue()).isEqualTo(1);
    assertThat(json.at("/replaced/0/stop-ms").intValue()).isEqualTo(2000);
    assertThat(json.get("violations").values()).isEmpty();
  }

  private UpgradeReport report() {
    var webhooks =
        List.of(
            new Webhook(KEY, "door-1", Opening.BY_HAND, Optional.empty()),
            new Webhook(KEY, "door-1", Opening.BY_HAND, answer));
    return new UpgradeReport(
        7,
        2,
        replaced,
        ended,
        Asked.of(webhooks),
        violations,
        spoilt,
        Duration.ofSeconds(90),
        failure);
  }
}
