package io.smartdoor.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.smartdoor.bench.Options.Part;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class OptionsTest {

  @Test
  void everythingIsMeasuredFiveTimesIfNothingElseIsAskedFor() {
    assertThat(Options.of(List.of("lock=a.jar")))
        .isEqualTo(
            new Options(
                false,
                false,
                5,
                Set.of(Part.values()),
                Optional.empty(),
                Map.of("lock", Path.of("a.jar"))));
  }

  @Test
  void partsAndRoundsCanBeChosen() {
    var options =
        Options.of(
            List.of("--json", "--tolerant", "--rounds", "9", "--only", "drain", "--docs", "docs"));

    assertThat(options)
        .isEqualTo(
            new Options(true, true, 9, Set.of(Part.DRAIN), Optional.of(Path.of("docs")), Map.of()));
  }

  @Test
  void refusesWhatItDoesNotKnow() {
    assertThatIllegalArgumentException().isThrownBy(() -> Options.of(List.of("--rounds", "0")));
    assertThatIllegalArgumentException().isThrownBy(() -> Options.of(List.of("--only", "luck")));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Options.of(List.of("--only")))
        .withMessageStartingWith("expected [--json]");
  }
}
