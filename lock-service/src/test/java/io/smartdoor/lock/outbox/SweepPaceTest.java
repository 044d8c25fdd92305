package io.smartdoor.lock.outbox;

import static io.smartdoor.lock.outbox.OutboxFixture.NOW;
import static io.smartdoor.lock.outbox.Reception.NOT_AT_ALL;
import static io.smartdoor.lock.outbox.Reception.PARTLY;
import static io.smartdoor.lock.outbox.Reception.WHOLE;
import static org.assertj.core.api.Assertions.assertThat;

import io.smartdoor.messaging.publishing.PublishOutcome;
import io.smartdoor.messaging.testing.SettableClock;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SweepPaceTest {

  private static final PublishOutcome PUBLISHED = new PublishOutcome.Published("id");
  private static final PublishOutcome FAILED = new PublishOutcome.Failed("InternalFailure", "");
  private static final PublishOutcome REFUSED = new PublishOutcome.Refused("MalformedDetail", "");

  private final SettableClock clock = new SettableClock(NOW);
  private final SweepPace pace = new SweepPace(new SweepPolicy(8, 500), clock, clock::advance);

  @Test
  void goesOnHalfAsWideAfterARoundThatWasTakenInPart() {
    begin(WHOLE, WHOLE, WHOLE);
    assertThat(pace.width()).isEqualTo(8);

    pace.learn(List.of(WHOLE, PARTLY, WHOLE));
    assertThat(pace.isOver()).isFalse();
    assertThat(pace.width()).isEqualTo(4);

    pace.learn(List.of(WHOLE));
    assertThat(pace.width()).as("the limit is halved, too").isEqualTo(4);
    pace.end();
    begin(WHOLE, WHOLE, WHOLE);
    assertThat(pace.width()).as("one more with each sweep").isEqualTo(5);
  }

  @Test
  void endsWhenTwoRoundsInSuccessionAreTakenInPart() {
    begin(WHOLE, WHOLE, WHOLE, PARTLY);

    pace.learn(List.of());
    assertThat(pace.isOver()).as("another instance is ahead").isFalse();
    pace.learn(List.of(PARTLY));
    assertThat(pace.isOver()).isTrue();

    begin(WHOLE, WHOLE, WHOLE);
    assertThat(pace.isOver()).isFalse();
    assertThat(pace.width()).isEqualTo(2);
  }

  @Test
  void goesOnAsLongAsARoundInBetweenIsTakenWhole() {
    begin(PARTLY, WHOLE, PARTLY, WHOLE, PARTLY);

    assertThat(pace.isOver()).isFalse();
    assertThat(pace.width()).isEqualTo(1);
  }

  @Test
  void startsEverySweepWithoutSuspicion() {
    begin(PARTLY);
    pace.end();
    begin(PARTLY);

    assertThat(pace.isOver()).isFalse();
  }

  @Test
  void endsAtOnceWhenNothingOfABatchIsTaken() {
    begin(WHOLE, WHOLE, WHOLE);

    pace.learn(List.of(WHOLE, NOT_AT_ALL, WHOLE));

    assertThat(pace.isOver()).isTrue();
    begin(WHOLE, WHOLE, WHOLE);
    assertThat(pace.width()).isEqualTo(4);
  }

  @Test
  void holdsOneEventsFailureAgainstTheEventAsMuchAsAgainstTheBus() {
    assertThat(Reception.of(List.of())).isEqualTo(WHOLE);
    assertThat(Reception.of(List.of(PUBLISHED, REFUSED))).isEqualTo(WHOLE);
    assertThat(Reception.of(List.of(PUBLISHED, FAILED, FAILED))).isEqualTo(PARTLY);
    assertThat(Reception.of(List.of(FAILED))).isEqualTo(PARTLY);
    assertThat(Reception.of(List.of(FAILED, FAILED))).isEqualTo(NOT_AT_ALL);
  }

  private void begin(Reception... rounds) {
    pace.begin();
    Stream.of(rounds).map(List::of).forEach(pace::learn);
  }
}
