package io.smartdoor.identification.face;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class OpenCvFacesTest {

  private static final OpenCvLibrary LIBRARY = new OpenCvLibrary(System::nanoTime);

  private static final PersonId ANNA = new PersonId("anna");
  private static final PersonId BERT = new PersonId("bert");

  private final OpenCvFaces matcher = demonstration();

  private static OpenCvFaces demonstration() {
    return new OpenCvFaces(
        LIBRARY,
        OpenCvDemonstration.METHOD,
        OpenCvDemonstration.THRESHOLDS,
        OpenCvDemonstration::new);
  }

  @AfterEach
  void close() {
    matcher.close();
  }

  @Test
  void saysThatItIsADemonstration() {
    assertThat(matcher.method().description()).startsWith("demonstration");
  }

  @Test
  void aPortraitEnrolsByATemplateOfItsMethod() {
    var template = template(Pictures.portrait());

    assertThat(template.method()).isEqualTo(matcher.method().version());
    assertThat(template.bytes()).hasSize(10_000);
    assertThat(template.toString()).doesNotContain("[B").contains("10000 bytes");
  }

  @Test
  void aPictureThatIsNoGoodToEnrolByIsRefusedByItsReason() {
    assertThat(examined(Pictures.empty(400, 300))).isEqualTo(new FaceExamination.NoFace());
    assertThat(examined(Pictures.beside(Pictures.portrait(), Pictures.mirrored())))
        .isEqualTo(new FaceExamination.SeveralFaces(2));
    assertThat(examined(Pictures.scaled(Pictures.portrait(), 0.6)))
        .isInstanceOfSatisfying(
            FaceExamination.TooSmall.class,
            it -> assertThat(it.pixels()).isBetween(45, it.least() - 1));
    assertThat(examined(Pictures.blurred(Pictures.portrait(), 9)))
        .isInstanceOfSatisfying(
            FaceExamination.TooBlurred.class,
            it -> assertThat(it.sharpness()).isLessThan(it.least()));
    assertThat(matcher.examine("no picture".getBytes(UTF_8)))
        .isEqualTo(new FaceExamination.Unreadable(UnreadablePicture.NEITHER_JPEG_NOR_PNG));
  }

  static Stream<Arguments> otherVisits() {
    var portrait = Pictures.portrait();
    return Stream.of(
        Arguments.of("the same", portrait),
        Arguments.of("in dim light", Pictures.lit(portrait, 0.5f)),
        Arguments.of("tilted", Pictures.turned(portrait, 6)),
        Arguments.of("nearer", Pictures.scaled(portrait, 1.3)),
        Arguments.of("cut", Pictures.face(portrait)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("otherVisits")
  void whoIsEnrolledIsKnownAgain(String how, BufferedImage visit) {
    try (var gallery = matcher.gallery(List.of(enrolled(ANNA, Pictures.portrait())))) {
      assertThat(gallery.match(Pictures.jpeg(visit)))
          .isInstanceOfSatisfying(
              PictureVerdict.Everyone.class, it -> assertThat(it.person()).isEqualTo(ANNA));
    }
  }

  @Test
  void anotherFaceIsUnknownAndSoIsEveryFaceWhereNobodyIsEnrolled() {
    try (var gallery = matcher.gallery(List.of(enrolled(ANNA, Pictures.portrait())));
        var empty = matcher.gallery(List.of())) {
      assertThat(gallery.match(Pictures.png(Pictures.mirrored())))
          .isInstanceOf(PictureVerdict.Unknown.class);
      assertThat(empty.match(Pictures.png(Pictures.portrait())))
          .isInstanceOfSatisfying(
              PictureVerdict.Unknown.class, it -> assertThat(it.best()).isEqualTo(Confidence.NONE));
    }
  }

  @Test
  void oneStrangerBesideSomebodyKnownIsAStranger() {
    var both = Pictures.png(Pictures.beside(Pictures.portrait(), Pictures.mirrored()));
    var anna = enrolled(ANNA, Pictures.portrait());
    var bert = enrolled(BERT, Pictures.mirrored());

    try (var gallery = matcher.gallery(List.of(anna))) {
      assertThat(gallery.match(both))
          .isInstanceOfSatisfying(
              PictureVerdict.Unknown.class,
              it ->
                  assertThat(it.faces())
                      .hasSize(2)
                      .hasAtLeastOneElementOfType(FaceVerdict.Matched.class));
    }
    try (var gallery = matcher.gallery(List.of(anna, bert))) {
      assertThat(gallery.match(both))
          .isInstanceOfSatisfying(
              PictureVerdict.Everyone.class,
              it ->
                  assertThat(it.faces())
                      .extracting(FaceVerdict.Matched::person)
                      .containsExactlyInAnyOrder(ANNA, BERT));
    }
  }

  @Test
  void noFaceIsNoFace() {
    try (var gallery = matcher.gallery(List.of(enrolled(ANNA, Pictures.portrait())))) {
      assertThat(gallery.match(Pictures.png(Pictures.empty(640, 480))))
          .isEqualTo(new PictureVerdict.NoFace());
    }
  }

  @Test
  void templatesOfAnotherMethodAreLeftOutAndSaidSo() {
    var old = new EnrolledFace(ANNA, new FaceTemplate("haar-lbph-0", new byte[] {1, 2, 3}));

    try (var gallery = matcher.gallery(List.of(old))) {
      assertThat(gallery.leftOut()).containsExactly(old);
      assertThat(gallery.match(Pictures.jpeg(Pictures.portrait())))
          .isInstanceOf(PictureVerdict.Unknown.class);
    }
  }

  @Test
  void theSamePictureAlwaysGetsTheSameAnswer() {
    var picture = Pictures.jpeg(Pictures.beside(Pictures.portrait(), Pictures.mirrored()));
    var anna = enrolled(ANNA, Pictures.portrait());

    try (var other = demonstration();
        var gallery = matcher.gallery(List.of(anna));
        var sameGallery = other.gallery(List.of(anna))) {
      var answer = gallery.match(picture);
      assertThat(IntStream.range(0, 5).parallel().mapToObj(_ -> gallery.match(picture)))
          .containsOnly(answer);
      assertThat(sameGallery.match(picture)).isEqualTo(answer);
      assertThat(other.examine(Pictures.png(Pictures.portrait())))
          .isEqualTo(examined(Pictures.portrait()));
    }
  }

  @Test
  void whateverIsInAPictureThereIsAnAnswer() {
    var random = new Random(4711);
    try (var gallery = matcher.gallery(List.of(enrolled(ANNA, Pictures.portrait())))) {
      for (var good :
          List.of(
              Pictures.jpeg(Pictures.face(Pictures.portrait())),
              Pictures.png(Pictures.scaled(Pictures.face(Pictures.portrait()), 0.5)))) {
        for (var i = 0; i < 40; i++) {
          var poisoned = poisoned(good, random);
          assertThat(gallery.match(poisoned)).isNotNull();
          assertThat(matcher.examine(poisoned)).isNotNull();
        }
      }
      assertThat(gallery.match(new byte[0]))
          .isEqualTo(new PictureVerdict.Unreadable(UnreadablePicture.NEITHER_JPEG_NOR_PNG));
    }
  }

  /** Cut off, or with some of its bytes replaced. */
  private static byte[] poisoned(byte[] good, Random random) {
    var bytes = random.nextBoolean() ? good.clone() : cut(good, random.nextInt(good.length));
    for (var i = 0; i < 8 && bytes.length > 0; i++) {
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
    }
    return bytes;
  }

  private static byte[] cut(byte[] bytes, int length) {
    return Arrays.copyOf(bytes, length);
  }

  @Test
  void aClosedGalleryIsOfNoUse() {
    var gallery = matcher.gallery(List.of());
    gallery.close();

    assertThatThrownBy(() -> gallery.match(Pictures.jpeg(Pictures.portrait())))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("expected an open gallery, found a closed one");
  }

  @Test
  void aThousandMatchesLeaveNoNativeMemoryBehind() {
    var picture = Pictures.jpeg(Pictures.scaled(Pictures.face(Pictures.portrait()), 0.7));
    try (var gallery = matcher.gallery(List.of(enrolled(ANNA, Pictures.portrait())))) {
      for (var i = 0; i < 50; i++) {
        gallery.match(picture);
      }
      var objects = Pointer.totalCount();
      var resident = Pointer.physicalBytes();
      for (var i = 0; i < 1000; i++) {
        assertThat(gallery.match(picture)).isInstanceOf(PictureVerdict.Everyone.class);
      }
      assertThat(Pointer.totalCount()).isEqualTo(objects);
      // The face's patterns alone, not freed each time, were 64 MB.
      assertThat(Pointer.physicalBytes() - resident).isLessThan(32L * 1024 * 1024);
    }
  }

  @Test
  void modelsThatAreNoneAreSaidToBeNone() throws Exception {
    var none = Path.of(Objects.requireNonNull(getClass().getResource("portrait.jpg")).toURI());
    try (var models =
        new OpenCvFaces(
            LIBRARY,
            OpenCvModels.METHOD,
            OpenCvModels.THRESHOLDS,
            () -> new OpenCvModels(none, none))) {
      assertThatThrownBy(() -> models.examine(Pictures.jpeg(Pictures.portrait())))
          .isInstanceOfSatisfying(
              FaceMatcherUnavailableException.class, it -> assertThat(it.isPassing()).isFalse())
          .hasMessageStartingWith("expected models of YuNet and SFace in " + none);
    }
  }

  private EnrolledFace enrolled(PersonId person, BufferedImage picture) {
    return new EnrolledFace(person, template(picture));
  }

  private FaceTemplate template(BufferedImage picture) {
    return ((FaceExamination.Usable) examined(picture)).template();
  }

  private FaceExamination examined(BufferedImage picture) {
    return matcher.examine(Pictures.png(picture));
  }
}
