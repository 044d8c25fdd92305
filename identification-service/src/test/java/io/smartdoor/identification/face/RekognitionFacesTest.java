package io.smartdoor.identification.face;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smartdoor.identification.face.FakeRekognition.Seen;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.rekognition.RekognitionClient;

/** Against a fake that does what the documentation says; nobody has asked AWS itself. */
class RekognitionFacesTest {

  private static final OpenCvLibrary LIBRARY = new OpenCvLibrary(System::nanoTime);

  private static final PersonId ANNA = new PersonId("anna");
  private static final PersonId BERT = new PersonId("bert");
  private static final byte[] PICTURE = Pictures.jpeg(Pictures.empty(1000, 800));

  private static final Seen LARGE = new Seen(0.1, 0.1, 0.3, 0.4, 90);
  private static final Seen SMALL = new Seen(0.7, 0.5, 0.05, 0.05, 90);

  private FakeRekognition aws;
  private RekognitionClient client;
  private RekognitionFaces matcher;

  @BeforeEach
  void start() throws IOException {
    aws = new FakeRekognition();
    client = aws.client();
    matcher = matcherOf(FakeRekognition.COLLECTION);
  }

  private RekognitionFaces matcherOf(String collection) {
    return new RekognitionFaces(
        client,
        collection,
        RekognitionFaces.THRESHOLDS,
        new OpenCvCuts(LIBRARY, RekognitionFaces.LEAST_SIDE));
  }

  @AfterEach
  void stop() {
    client.close();
    aws.close();
  }

  @Test
  void saysThatNobodyHasAskedAws() {
    assertThat(matcher.method().description()).contains("not verified against AWS");
  }

  @Test
  void aFaceIsEnrolledByItsIdInTheCollection() {
    aws.sees(LARGE);

    assertThat(matcher.examine(PICTURE))
        .isEqualTo(
            new FaceExamination.Usable(
                new FaceTemplate("rekognition-1", "face-of-anna".getBytes(UTF_8))));
    assertThat(aws.operations()).containsExactly("DetectFaces", "IndexFaces");
  }

  @Test
  void whatIsNoGoodIsRefusedBeforeItIsInTheCollection() {
    assertThat(matcher.examine(PICTURE)).isEqualTo(new FaceExamination.NoFace());
    aws.sees(LARGE, SMALL);
    assertThat(matcher.examine(PICTURE)).isEqualTo(new FaceExamination.SeveralFaces(2));
    aws.sees(SMALL);
    assertThat(matcher.examine(PICTURE))
        .isInstanceOfSatisfying(
            FaceExamination.TooSmall.class, it -> assertThat(it.pixels()).isBetween(49, 50));
    aws.sees(new Seen(0.1, 0.1, 0.3, 0.4, 5));
    assertThat(matcher.examine(PICTURE)).isEqualTo(new FaceExamination.TooBlurred(5, 20));
    assertThat(aws.operations()).containsOnly("DetectFaces");
  }

  @Test
  void everyFaceIsLookedForByItselfNotOnlyTheLargest() throws Exception {
    aws.sees(SMALL, LARGE);
    aws.finds("a", "99.5");
    aws.finds("b", "97.0");

    var verdict = match(face(ANNA, "a"), face(BERT, "b"));

    assertThat(verdict)
        .isInstanceOfSatisfying(
            PictureVerdict.Everyone.class,
            it ->
                assertThat(it.faces())
                    .extracting(FaceVerdict.Matched::person)
                    .containsExactly(ANNA, BERT));
    assertThat(aws.operations())
        .containsExactly("DetectFaces", "SearchFacesByImage", "SearchFacesByImage");
    var largest = aws.calls().get(1).image().orElseThrow();
    var smallest = aws.calls().get(2).image().orElseThrow();
    // 300 pixels, and a quarter of that on either side.
    assertThat(largest.getWidth()).isBetween(450, 452);
    assertThat(smallest.getWidth()).isBetween(80, 82);
    assertThat(smallest.getHeight()).isBetween(80, 82);
  }

  @Test
  void aStrangerBesideSomebodyKnownIsAStranger() {
    aws.sees(LARGE, SMALL);
    aws.finds("a", "99.5");
    aws.finds();

    assertThat(match(face(ANNA, "a"))).isInstanceOf(PictureVerdict.Unknown.class);
  }

  @Test
  void whatIsInTheCollectionAloneIsNobody() {
    aws.sees(LARGE);
    aws.finds("left-by-a-crash", "99.9");

    assertThat(match(face(ANNA, "a")))
        .isInstanceOfSatisfying(
            PictureVerdict.Unknown.class, it -> assertThat(it.best()).isEqualTo(Confidence.NONE));
  }

  @Test
  void betweenTheThresholdsAndAsMuchLikeSomebodyElseIsAmbiguous() {
    aws.sees(LARGE);
    aws.finds("a", "79.5");
    assertThat(match(face(ANNA, "a"))).isInstanceOf(PictureVerdict.Ambiguous.class);

    aws.finds("a", "92", "b", "85");
    assertThat(match(face(ANNA, "a"), face(BERT, "b")))
        .isInstanceOf(PictureVerdict.Ambiguous.class);
  }

  /** SearchFacesByImage looks at the largest face of what it is given. */
  @Test
  void aNeighboursFaceIsNotTakenForTheOneThatWasMeant() {
    aws.sees(LARGE);
    aws.finds(new Seen(0.8, 0.0, 0.2, 0.2, 90), "a", "99.9");

    assertThat(match(face(ANNA, "a"))).isInstanceOf(PictureVerdict.Ambiguous.class);
  }

  /** The fake answers InvalidParameterException where it has not been told to find a face. */
  @Test
  void aFaceThatIsNoneForASearchIsUnknown() {
    aws.sees(LARGE);

    assertThat(match(face(ANNA, "a"))).isInstanceOf(PictureVerdict.Unknown.class);
  }

  @Test
  void noFaceIsNoFaceAndNobodyEnrolledIsUnknownWithoutASearch() {
    assertThat(match(face(ANNA, "a"))).isEqualTo(new PictureVerdict.NoFace());
    aws.sees(LARGE);
    assertThat(match()).isInstanceOf(PictureVerdict.Unknown.class);
    assertThat(aws.operations()).containsOnly("DetectFaces");
  }

  @ParameterizedTest
  @CsvSource({
    "400, InvalidImageFormatException, BROKEN",
    "400, ImageTooLargeException, TOO_MANY_BYTES"
  })
  void aPictureThatIsRefusedIsAnAnswer(int status, String code, UnreadablePicture reason) {
    aws.refuses(status, code);

    assertThat(match(face(ANNA, "a"))).isEqualTo(new PictureVerdict.Unreadable(reason));
    assertThat(matcher.examine(PICTURE)).isEqualTo(new FaceExamination.Unreadable(reason));
  }

  @ParameterizedTest
  @CsvSource({
    "400, ProvisionedThroughputExceededException, true",
    "400, ThrottlingException, true",
    "500, InternalServerError, true",
    "400, AccessDeniedException, false",
    "400, ResourceNotFoundException, false"
  })
  void whatIsNoAnswerIsSaidToPassOrNot(int status, String code, boolean isPassing) {
    aws.refuses(status, code);

    assertThatThrownBy(() -> match(face(ANNA, "a")))
        .isInstanceOfSatisfying(
            FaceMatcherUnavailableException.class,
            it -> assertThat(it.isPassing()).isEqualTo(isPassing))
        .hasMessage("expected an answer of Rekognition, found " + code);
  }

  @Test
  void aCollectionThatIsNotThereHasToBeMade() {
    aws.sees(LARGE);

    assertThatThrownBy(() -> matcherOf("elsewhere").examine(PICTURE))
        .isInstanceOf(FaceMatcherUnavailableException.class)
        .hasMessageEndingWith("ResourceNotFoundException");
  }

  @Test
  void aForgottenTemplateLeavesTheCollection() {
    matcher.forget(face(ANNA, "a").template());
    matcher.forget(new FaceTemplate("haar-lbph-1", new byte[] {1}));

    assertThat(aws.operations()).containsExactly("DeleteFaces");
    assertThat(aws.calls().getFirst().request().at("/FaceIds/0").asString()).isEqualTo("a");
  }

  @Test
  void whatIsNoPictureIsNotSent() {
    assertThat(matcher.examine("GIF89a".getBytes(UTF_8)))
        .isEqualTo(new FaceExamination.Unreadable(UnreadablePicture.NEITHER_JPEG_NOR_PNG));
    assertThat(aws.calls()).isEmpty();
  }

  private static EnrolledFace face(PersonId person, String id) {
    return new EnrolledFace(person, new FaceTemplate("rekognition-1", id.getBytes(UTF_8)));
  }

  private PictureVerdict match(EnrolledFace... enrolled) {
    try (var gallery = matcher.gallery(Stream.of(enrolled).toList())) {
      assertThat(gallery.leftOut()).isEqualTo(List.of());
      return gallery.match(PICTURE);
    }
  }
}
