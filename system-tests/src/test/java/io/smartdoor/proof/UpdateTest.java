package io.smartdoor.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.smartdoor.faults.Caller;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.StringReader;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.PrimitiveIterator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class UpdateTest {

  private static final String BEGINS = "{\"said\": \"begins\", \"service\": \"lock\"}\n";
  private static final String ENDS =
      "{\"said\": \"ends\", \"service\": \"lock\", \"stop-ms\": 2100}\n";
  private static final String KILLED = "{\"said\": \"ends\", \"service\": \"lock\"}\n";
  private static final String OVER = "{\"said\": \"over\", \"ended-by-themselves\": 1}\n";

  @Test
  void isOverWhenSomebodySaysSo() throws IOException {
    var update = follow(BEGINS + ENDS + OVER, 10, 12);

    assertThat(update.over()).isTrue();
    assertThat(update.ended()).isEqualTo(1);
    assertThat(update.replaced())
        .containsExactly(
            new Replaced(Caller.of("lock"), Optional.of(Duration.ofMillis(2100)), true));
  }

  @Test
  void isBrokenOffWhereTheLinesEndBefore() throws IOException {
    assertThat(follow(BEGINS + ENDS, 10, 12)).isEqualTo(new Update(REPLACED, 0, false));
    assertThat(follow("", 0).over()).isFalse();
  }

  @Test
  void isNotUnderLoadWhereNoDoorReportedMeanwhile() throws IOException {
    assertThat(follow(BEGINS + ENDS + OVER, 10, 10).replaced())
        .allMatch(it -> !it.underLoad())
        .hasSize(1);
  }

  @Test
  void tellsWhatHadToBeKilled() throws IOException {
    assertThat(follow(BEGINS + KILLED + OVER, 10, 12).replaced())
        .allMatch(it -> it.stop().isEmpty())
        .hasSize(1);
  }

  @Test
  void refusesWhatItDoesNotKnow() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> follow("{\"said\": \"nothing\"}\n"))
        .withMessageContaining("nothing");
  }

  private static final List<Replaced> REPLACED =
      List.of(new Replaced(Caller.of("lock"), Optional.of(Duration.ofMillis(2100)), true));

  /** With so many webhooks at the beginnings and ends, in their order. */
  private static Update follow(String lines, int... webhooks) throws IOException {
    PrimitiveIterator.OfInt counts = IntStream.of(webhooks).iterator();
    return Update.follow(new BufferedReader(new StringReader(lines)), counts::nextInt);
  }
}
