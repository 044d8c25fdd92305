package io.smartdoor.identification.face;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smartdoor.identification.face.Robustness.Trial;
import io.smartdoor.identification.face.Speed.Round;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What `./smartdoor bench faces` makes of what it measures. */
class RobustnessTest {

  private static final Thresholds THRESHOLDS = Thresholds.of(40, 30);
  private static final Trial KNOWN = trial(70, 12);
  private static final Trial MISSED =
      new Trial("noise", OptionalDouble.empty(), OptionalDouble.empty());

  private static Trial trial(double own, double others) {
    return new Trial("noise", OptionalDouble.of(own), OptionalDouble.of(others));
  }

  @Test
  void oneStrangerTakenForSomebodyFailsIt() {
    assertThat(new Robustness(List.of(KNOWN, trial(90, 39.9)), THRESHOLDS).passed()).isTrue();
    assertThat(new Robustness(List.of(KNOWN, trial(90, 40)), THRESHOLDS).passed()).isFalse();
  }

  @Test
  void nothingMeasuredIsNothingPassed() {
    assertThat(new Robustness(List.of(), THRESHOLDS).passed()).isFalse();
  }

  @Test
  void whomNoFaceWasFoundOfIsRejectedAtEveryThreshold() {
    var robustness = new Robustness(List.of(KNOWN, MISSED, trial(35, 10)), THRESHOLDS);

    assertThat(robustness.falseRejects(40)).isEqualTo(2);
    assertThat(robustness.falseRejects(0)).isEqualTo(1);
    assertThat(robustness.falseAccepts(10)).isEqualTo(2);
  }

  @Test
  void noneOfNMeansAtMostThreeOfN() {
    var trials = Collections.nCopies(300, KNOWN);
    assertThat(new Robustness(trials, THRESHOLDS).upperBound()).isEqualTo(0.01);

    var oneMore = new ArrayList<>(trials);
    oneMore.set(0, trial(90, 95));
    assertThat(new Robustness(oneMore, THRESHOLDS).upperBound()).isGreaterThan(0.0158);
  }

  @Test
  void aTimeIsReachedInTheMedianOrWithToleranceInOneRound() {
    var speed = new Speed(10, List.of(new Round(11, 10), new Round(13, 10), new Round(12, 10)), 1);

    assertThat(speed.ratio()).isEqualTo(1.2);
    assertThat(speed.passed(false)).isFalse();
    assertThat(speed.passed(true)).isTrue();
    assertThat(new Speed(10, List.of(new Round(13, 10)), 1).passed(true)).isFalse();
  }

  @Test
  void documentsKeepWhatIsAroundTheFigures(@TempDir Path docs) throws Exception {
    var file = docs.resolve("faces.md");
    Files.writeString(
        file,
        """
        # Faces
        <!-- Written by ./smartdoor bench faces --docs -->
        old
        <!-- End of what is written -->
        after
        """);
    report(List.of(KNOWN)).write(docs);

    assertThat(file)
        .content()
        .startsWith("# Faces\n")
        .endsWith("<!-- End of what is written -->\nafter\n")
        .doesNotContain("\nold\n")
        .contains("**0 of 1 strangers taken for somebody, so at most 300.00 % of such pictures**")
        .contains("| 40 (default) | 0 of 1 | 0 of 1 |");
    assertThat(docs.resolve("faces.svg")).content().contains("<polyline");
    Files.writeString(file, "no marks");
    assertThatThrownBy(() -> report(List.of(KNOWN)).write(docs))
        .hasMessage("expected the marks of what is written in " + file);
  }

  private static FacesReport report(List<Trial> trials) {
    var speed = new Speed(10, List.of(new Round(10, 10)), 1);
    return new FacesReport(new Robustness(trials, THRESHOLDS), 0, 1, 0, 100, List.of(speed), false);
  }

  @Test
  void smallPicturesAreReadFromNumPysFile(@TempDir Path folder) throws Exception {
    var file = folder.resolve("two.npy");
    var header = "{'descr': '<f8', 'fortran_order': False, 'shape': (2, 1, 1), }\n";
    var bytes =
        ByteBuffer.allocate(10 + header.length() + 16)
            .order(ByteOrder.LITTLE_ENDIAN)
            .put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0})
            .putShort((short) header.length())
            .put(header.getBytes(US_ASCII))
            .putDouble(0.2)
            .putDouble(1);
    Files.write(file, bytes.array());

    assertThat(Npy.read(file).pictures()).containsExactly(new byte[] {51}, new byte[] {-1});
  }
}
