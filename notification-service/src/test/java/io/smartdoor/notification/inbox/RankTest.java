package io.smartdoor.notification.inbox;

import static io.smartdoor.events.DetailType.DOOR_STATUS;
import static io.smartdoor.events.DetailType.IDENTIFICATION_FAILED;
import static io.smartdoor.events.DetailType.PERSON_IDENTIFIED;
import static io.smartdoor.events.DetailType.PERSON_UNRECOGNISED;
import static org.assertj.core.api.Assertions.assertThat;

import io.smartdoor.events.DetailType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RankTest {

  @Test
  void aFailureSaysMoreThanAStatusAndAPersonMoreThanAFailure() {
    assertThat(isAbove(IDENTIFICATION_FAILED, DOOR_STATUS)).isTrue();
    assertThat(isAbove(PERSON_IDENTIFIED, IDENTIFICATION_FAILED)).isTrue();
    assertThat(isAbove(PERSON_UNRECOGNISED, IDENTIFICATION_FAILED)).isTrue();
    assertThat(isAbove(DOOR_STATUS, IDENTIFICATION_FAILED)).isFalse();
  }

  @Test
  void neitherAKnownPersonNorAStrangerSaysMoreThanTheOther() {
    assertThat(isAbove(PERSON_IDENTIFIED, PERSON_UNRECOGNISED)).isFalse();
    assertThat(isAbove(PERSON_UNRECOGNISED, PERSON_IDENTIFIED)).isFalse();
  }

  @ParameterizedTest
  @EnumSource
  void nothingSaysMoreThanItself(DetailType detailType) {
    assertThat(isAbove(detailType, detailType)).isFalse();
  }

  private static boolean isAbove(DetailType one, DetailType other) {
    return Rank.of(one).isAbove(Rank.of(other));
  }
}
