package io.smartdoor.proof;

import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Offset.offset;

import io.smartdoor.proof.Plan.Repeat;
import io.smartdoor.proof.Plan.Sameness;
import java.time.Duration;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlanTest {

  private static final Duration TWO_MINUTES = Duration.ofMinutes(2);

  private final Plan plan = Plan.of(7, TWO_MINUTES);

  @Test
  void isTheSameForTheSameSeedAndLength() {
    assertThat(Plan.of(7, TWO_MINUTES)).isEqualTo(plan);
    assertThat(Plan.of(7, TWO_MINUTES).lines()).isEqualTo(plan.lines());
  }

  @Test
  void isAnotherForAnotherSeed() {
    var other = Plan.of(8, TWO_MINUTES);

    assertThat(other.sendings()).doesNotContainAnyElementsOf(plan.sendings());
    assertThat(other.disturbances()).isNotEqualTo(plan.disturbances());
    assertThat(other.doses()).doesNotContainAnyElementsOf(plan.doses());
  }

  @Test
  void letsTheSameDoorsReportWhereNothingIsToGoWrong() {
    assertThat(plan.undisturbed().sendings()).isEqualTo(plan.sendings());
    assertThat(plan.undisturbed().disturbances()).isEmpty();
    assertThat(plan.undisturbed().doses()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void hasEveryKindOfTroubleInStoreWhateverTheSeed(long seed) {
    var kinds =
        Plan.of(seed, TWO_MINUTES).disturbances().stream()
            .map(Disturbance::trouble)
            .collect(toSet());

    assertThat(kinds).containsExactlyInAnyOrder(Trouble.values());
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void givesEachPoisonEachWayThatItCanGo(long seed) {
    var given =
        Plan.of(seed, TWO_MINUTES).doses().stream()
            .map(it -> it.poison() + " to " + it.way())
            .collect(toSet());

    var all =
        Arrays.stream(Poison.values())
            .flatMap(poison -> poison.ways().stream().map(it -> poison + " to " + it))
            .collect(toSet());
    assertThat(given).isEqualTo(all);
  }

  @Test
  void repeatsThreeOfTenWebhooksSomeOfThemAtOnceElsewhereOrWithAnotherBody() {
    var repeated = plan.sendings().stream().filter(it -> !it.repeats().isEmpty()).count();

    assertThat((double) repeated / plan.sendings().size()).isCloseTo(0.3, offset(0.05));
    var repeats = plan.sendings().stream().flatMap(it -> it.repeats().stream()).toList();
    assertThat(repeats).extracting(Repeat::sameness).contains(Sameness.values());
    assertThat(repeats).extracting(Repeat::after).contains(Duration.ZERO);
    assertThat(plan.sendings())
        .anyMatch(sending ->
            sending.repeats().stream().anyMatch(it -> it.instance() != sending.instance()));
  }

  @Test
  void letsSomeDoorsGiveUp() {
    assertThat(plan.sendings().stream().filter(it -> !it.persistent()).count())
        .isBetween(plan.sendings().size() / 20L, plan.sendings().size() / 5L);
  }

  @Test
  void asksNoMoreThanTenWebhooksPerSecondOfTheMachine() {
    var webhooks = plan.sendings().stream().mapToInt(it -> 1 + it.repeats().size()).sum();

    assertThat((double) webhooks / TWO_MINUTES.toSeconds()).isCloseTo(9.5, offset(1.5));
  }

  @Test
  void strikesNoProcessOfAConsumerThatIsDown() {
    for (var seed = 0; seed < 50; seed++) {
      var disturbances = Plan.of(seed, TWO_MINUTES).disturbances();
      for (var down : trouble(disturbances.stream(), Trouble.DOWN).toList()) {
        assertThat(
                trouble(disturbances.stream(), Trouble.KILLED, Trouble.PAUSED, Trouble.TERMINATED))
            .noneMatch(it ->
                it.whom().equals(down.whom())
                    && it.at().compareTo(down.end()) <= 0
                    && it.end().compareTo(down.at()) >= 0);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 10, 60})
  void isOverBeforeItsEnd(int minutes) {
    var length = Duration.ofMinutes(minutes);

    assertThat(Plan.of(3, length).disturbances())
        .allMatch(it -> it.at().compareTo(length) < 0 && it.end().compareTo(length) <= 0);
    assertThat(Plan.of(3, length).sendings()).allMatch(it -> it.at().compareTo(length) < 0);
  }

  @Test
  void hasOutagesOfAMinuteWhereThereIsTimeForThem() {
    assertThat(
            trouble(Plan.of(3, Duration.ofMinutes(10)).disturbances().stream(), Trouble.BUS_OUTAGE))
        .allMatch(it -> it.length().equals(Duration.ofMinutes(1)));
    assertThat(trouble(plan.disturbances().stream(), Trouble.BUS_OUTAGE))
        .allMatch(it -> it.length().equals(Duration.ofSeconds(15)));
  }

  @Test
  void refusesToBeTooShortForAnything() {
    assertThatThrownBy(() -> Plan.of(1, Duration.ofSeconds(19)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected 20 s or more");
  }

  private static Stream<Disturbance> trouble(Stream<Disturbance> all, Trouble... kinds) {
    return all.filter(it -> Arrays.asList(kinds).contains(it.trouble()));
  }
}
