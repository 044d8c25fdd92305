package io.smartdoor.faults;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smartdoor.faults.Fault.CutConnection;
import io.smartdoor.faults.Fault.Throttle;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RuleTest {

  @Test
  void strikesTheNthCallOnly() {
    assertThat(strikes(Times.nth(3), 5)).containsExactly(3);
  }

  @Test
  void strikesTheFirstCalls() {
    assertThat(strikes(Times.first(2), 5)).containsExactly(1, 2);
    assertThat(strikes(Times.once(), 5)).containsExactly(1);
  }

  @Test
  void strikesAlways() {
    assertThat(strikes(Times.always(), 3)).containsExactly(1, 2, 3);
  }

  @Test
  void strikesSometimesAndTheSeedSaysWhen() {
    var first = strikes(Times.sometimes(0.3, 7), 1000);

    assertThat(first).hasSizeBetween(240, 360);
    assertThat(strikes(Times.sometimes(0.3, 7), 1000)).isEqualTo(first);
    assertThat(strikes(Times.sometimes(0.3, 8), 1000)).isNotEqualTo(first);
    assertThat(strikes(Times.sometimes(0, 7), 100)).isEmpty();
    assertThat(strikes(Times.sometimes(1, 7), 100)).hasSize(100);
  }

  @Test
  void countsOnlyWhatMatches() {
    var rule =
        new Rule(
            new Throttle(),
            Match.of(AwsService.DYNAMODB, "PutItem").on("doors").by("lock"),
            Times.nth(2));

    assertThat(rule.strikes(put("doors", Caller.of("lock")))).isFalse();
    assertThat(rule.strikes(put("outbox", Caller.of("lock")))).isFalse();
    assertThat(rule.strikes(put("doors", Caller.of("notification")))).isFalse();
    assertThat(rule.strikes(put("doors", new Caller("lock", 2)))).isTrue();
    assertThat(rule.matched()).isEqualTo(2);
  }

  @Test
  void countsNothingWhileItIsOff() {
    var rule = new Rule(new Throttle(), Match.everyCall(), Times.nth(2));
    var call = put("doors", Caller.of("lock"));
    assertThat(rule.strikes(call)).isFalse();

    rule.off();
    assertThat(rule.strikes(call)).isFalse();
    rule.on();

    assertThat(rule.strikes(call)).isTrue();
  }

  @Test
  void isRefusedWhereItWouldStrikeBeforeTheAnswerThatItLooksAt() {
    var match = Match.of(AwsOperation.RECEIVE_MESSAGE).delivering();

    assertThatThrownBy(() -> new Rule(new Throttle(), match, Times.once()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("delivering");
    assertThatThrownBy(() -> new Rule(new CutConnection(Moment.BEFORE_AWS), match, Times.once()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(new Rule(new CutConnection(Moment.AFTER_AWS), match, Times.once()).fired()).isZero();
  }

  @Test
  void saysWhatDidNotHappenWhileSomebodyWaitedForIt() {
    var rule = new Rule(new Throttle(), Match.of(AwsService.SQS), Times.once());

    assertThatThrownBy(() -> rule.awaitFired(1, Duration.ofMillis(1)))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("Throttle")
        .hasMessageContaining("SQS");
  }

  @Test
  void refusesTimesThatNeverCome() {
    assertThatThrownBy(() -> Times.nth(0)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Times.first(0)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Times.sometimes(1.1, 1)).isInstanceOf(IllegalArgumentException.class);
  }

  private static List<Integer> strikes(Times times, int calls) {
    var rule = new Rule(new Throttle(), Match.everyCall(), times);
    var call = put("doors", Caller.of("lock"));
    return IntStream.rangeClosed(1, calls).filter(_ -> rule.strikes(call)).boxed().toList();
  }

  private static AwsCall put(String table, Caller caller) {
    var headers = Headers.none().with("X-Amz-Target", "DynamoDB_20120810.PutItem");
    var body = "{\"TableName\": \"%s\"}".formatted(table).getBytes(UTF_8);
    return CallReader.read(caller, new HttpRequest("POST", "/", headers, body));
  }
}
