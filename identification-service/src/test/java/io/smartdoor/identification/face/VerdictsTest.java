package io.smartdoor.identification.face;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smartdoor.identification.face.FaceVerdict.Ambiguous;
import io.smartdoor.identification.face.FaceVerdict.Matched;
import io.smartdoor.identification.face.FaceVerdict.Unknown;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VerdictsTest {

  private static final PersonId ANNA = new PersonId("anna");
  private static final PersonId BERT = new PersonId("bert");
  private static final Thresholds THRESHOLDS = Thresholds.of(80, 50);

  @Test
  void betweenTheThresholdsAFaceIsAmbiguous() {
    assertThat(closest(80)).isEqualTo(new Matched(ANNA, new Confidence(80)));
    assertThat(closest(79.9)).isEqualTo(new Ambiguous(new Confidence(79.9)));
    assertThat(closest(50)).isEqualTo(new Ambiguous(new Confidence(50)));
    assertThat(closest(49.9)).isEqualTo(new Unknown(new Confidence(49.9)));
  }

  private static FaceVerdict closest(double confidence) {
    return THRESHOLDS.closest(List.of(ANNA), new double[] {confidence});
  }

  @Test
  void ofAPersonWithSeveralFacesTheMostAlikeCounts() {
    assertThat(THRESHOLDS.closest(List.of(ANNA, BERT, ANNA), new double[] {20, 30, 90}))
        .isEqualTo(new Matched(ANNA, new Confidence(90)));
    assertThat(THRESHOLDS.closest(List.of(ANNA, ANNA), new double[] {95, 90}))
        .isEqualTo(new Matched(ANNA, new Confidence(95)));
  }

  @Test
  void whoeverLooksLikeTwoPeopleIsNeither() {
    assertThat(THRESHOLDS.closest(List.of(ANNA, BERT), new double[] {90, 80}))
        .isEqualTo(new Ambiguous(new Confidence(90)));
  }

  @Test
  void whatAMethodCannotMeanIsTakenForTheNearest() {
    assertThat(closest(-3)).isEqualTo(new Unknown(Confidence.NONE));
    assertThat(closest(100.0001)).isEqualTo(new Matched(ANNA, new Confidence(100)));
  }

  @Test
  void oneStrangerAmongSeveralIsWhatThePictureShows() {
    var anna = new Matched(ANNA, new Confidence(99));
    var perhaps = new Ambiguous(new Confidence(60));
    var stranger = new Unknown(new Confidence(20));
    var other = new Unknown(new Confidence(30));

    assertThat(Verdicts.of(List.of(anna, other, perhaps, stranger)))
        .isEqualTo(
            new PictureVerdict.Unknown(
                new Confidence(20), List.of(anna, other, perhaps, stranger)));
    assertThat(Verdicts.of(List.of(anna, perhaps)))
        .isEqualTo(new PictureVerdict.Ambiguous(new Confidence(60), List.of(anna, perhaps)));
  }

  @Test
  void onlyWhereEveryFaceIsSomebodysIsItARecognition() {
    var anna = new Matched(ANNA, new Confidence(81));
    var bert = new Matched(BERT, new Confidence(95));

    assertThat(Verdicts.of(List.of(anna, bert)))
        .isEqualTo(new PictureVerdict.Everyone(BERT, new Confidence(95), List.of(bert, anna)));
    assertThat(Verdicts.of(List.of())).isEqualTo(new PictureVerdict.NoFace());
  }

  @Test
  void nobodyIsThereTwice() {
    var anna = new Matched(ANNA, new Confidence(95));
    var like = new Matched(ANNA, new Confidence(85));

    assertThat(Verdicts.of(List.of(like, anna)))
        .isEqualTo(
            new PictureVerdict.Ambiguous(
                new Confidence(85), List.of(new Ambiguous(new Confidence(85)), anna)));
  }

  @ParameterizedTest
  @ValueSource(doubles = {-0.1, 100.1, Double.NaN})
  void aConfidenceIsFrom0To100(double percent) {
    assertThatThrownBy(() -> new Confidence(percent))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("expected a confidence from 0 to 100, found " + percent);
  }

  @Test
  void thresholdsAreInOrder() {
    assertThatThrownBy(() -> Thresholds.of(50, 51)).isInstanceOf(IllegalArgumentException.class);
  }
}
