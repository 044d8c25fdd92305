package io.smartdoor.lock.snapshot;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.smartdoor.lock.snapshot.PictureCheck.Sound;
import io.smartdoor.lock.snapshot.PictureCheck.TooManyPixels;
import io.smartdoor.lock.snapshot.PictureCheck.Unknown;
import io.smartdoor.lock.snapshot.PictureCheck.Unusable;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class PicturesTest {

  private static final int RED = 0xE01010;
  private static final int BLUE = 0x1010E0;
  private static final Pictures PICTURES = new Pictures(100_000);

  @AfterAll
  static void close() {
    PICTURES.close();
  }

  static Stream<Arguments> pictures() {
    return Stream.of(
        Arguments.of("JPEG", Photos.jpeg(64, 48)),
        Arguments.of("JPEG", Photos.progressiveJpeg(64, 48)),
        Arguments.of("PNG", Photos.png(64, 48)));
  }

  @ParameterizedTest
  @MethodSource("pictures")
  void keepsWhatIsSeen(String format, byte[] body) {
    var sound = sound(body);

    assertThat(sound.format()).hasToString(format);
    assertThat(sound.picture().width()).isEqualTo(64);
    assertThat(sound.picture().height()).isEqualTo(48);
    var image = Photos.decoded(sound.picture().jpeg());
    assertLike(image.getRGB(8, 8), RED);
    assertLike(image.getRGB(56, 40), BLUE);
  }

  /** Exif 2.32, figure 8: where the top left of what is stored is to be seen. */
  @ParameterizedTest
  @CsvSource({
    "1, 8, 8",
    "2, 56, 8",
    "3, 56, 40",
    "4, 8, 40",
    "5, 8, 8",
    "6, 40, 8",
    "7, 40, 56",
    "8, 8, 56",
    "0, 8, 8",
    "9, 8, 8",
    "65535, 8, 8"
  })
  void turnsWhatACameraSaysIsTurned(int orientation, int x, int y) {
    for (var body :
        List.of(
            Photos.withMetadata(Photos.jpeg(64, 48), orientation),
            Photos.pngWithMetadata(Photos.png(64, 48), orientation))) {
      var picture = sound(body).picture();
      var image = Photos.decoded(picture.jpeg());

      var isTurned = orientation >= 5 && orientation <= 8;
      assertThat(picture.width()).isEqualTo(isTurned ? 48 : 64).isEqualTo(image.getWidth());
      assertThat(picture.height()).isEqualTo(isTurned ? 64 : 48).isEqualTo(image.getHeight());
      assertLike(image.getRGB(x, y), RED);
      assertLike(image.getRGB(image.getWidth() - 1 - x, image.getHeight() - 1 - y), BLUE);
    }
  }

  @Test
  void keepsNothingThatIsNotSeen() {
    for (var body :
        List.of(
            Photos.withMetadata(Photos.jpeg(64, 48), 1),
            Photos.pngWithMetadata(Photos.png(64, 48), 1))) {
      assertThat(new String(body, ISO_8859_1)).contains(Photos.SECRET).contains("48.1374");

      var kept = sound(body).picture().jpeg();

      assertThat(new String(kept, ISO_8859_1))
          .doesNotContain("Exif", "garden", "48.1374", "http", "Photoshop");
      assertThat(segments(kept)).isSubsetOf(0xE0, 0xDB, 0xC0, 0xC4, 0xDA);
    }
  }

  @Test
  void keepsTheSameOfTheSame() {
    var body = Photos.withMetadata(Photos.jpeg(64, 48), 6);

    assertThat(sound(body).picture().jpeg()).isEqualTo(sound(body).picture().jpeg());
  }

  @ParameterizedTest
  @CsvSource({
    "TYPE_BYTE_GRAY, 10",
    "TYPE_BYTE_INDEXED, 13",
    "TYPE_INT_ARGB, 2",
    "TYPE_BYTE_BINARY, 12"
  })
  void readsEveryKindOfColour(String name, int type) {
    var image = new BufferedImage(16, 16, type);
    for (var x = 0; x < 256; x++) {
      image.setRGB(x % 16, x / 16, x < 128 ? 0xFF000000 : 0xFFFFFFFF);
    }
    var kept = Photos.decoded(sound(Photos.encoded("png", image, false)).picture().jpeg());

    assertLike(kept.getRGB(4, 4), 0x000000);
    assertLike(kept.getRGB(12, 12), 0xFFFFFF);
  }

  /** Else what is bright in a grey picture would become brighter, and a face another one. */
  @Test
  void keepsGreyValuesAsTheyAre() {
    var image = new BufferedImage(16, 16, BufferedImage.TYPE_BYTE_GRAY);
    var row = new int[256];
    Arrays.fill(row, 90);
    image.getRaster().setPixels(0, 0, 16, 16, row);

    for (var orientation : List.of(1, 6)) {
      var body = Photos.pngWithMetadata(Photos.encoded("png", image, false), orientation);
      var kept = Photos.decoded(sound(body).picture().jpeg());

      assertThat(kept.getRaster().getPixel(8, 8, (int[]) null)[0]).isBetween(87, 93);
    }
  }

  @Test
  void showsWhatIsTransparentOnWhite() {
    var image = new BufferedImage(16, 16, BufferedImage.TYPE_INT_ARGB);
    var kept = Photos.decoded(sound(Photos.encoded("png", image, false)).picture().jpeg());

    assertLike(kept.getRGB(8, 8), 0xFFFFFF);
  }

  @Test
  void decodesNothingThatIsTooLarge() {
    assertThat(PICTURES.check(Photos.jpeg(250, 400))).isInstanceOf(Sound.class);
    for (var body : List.of(Photos.jpeg(251, 400), Photos.png(251, 400))) {
      assertThat(PICTURES.check(body)).isEqualTo(new TooManyPixels(251, 400, 100_000));
    }
    for (var side : List.of(10_000, 65_500, Integer.MAX_VALUE)) {
      var bomb = Photos.bomb(side, side);

      assertThat(bomb).hasSizeLessThan(20_000);
      assertThat(PICTURES.check(bomb)).isEqualTo(new TooManyPixels(side, side, 100_000));
    }
  }

  @ParameterizedTest
  @MethodSource("pictures")
  void refusesWhatIsCutOffAnywhere(String format, byte[] body) {
    assertThat(format).isNotEmpty();
    for (var length = 0; length < body.length; length++) {
      assertThat(PICTURES.check(Arrays.copyOf(body, length)))
          .as("%d of %d bytes", length, body.length)
          .isInstanceOfAny(Unusable.class, Unknown.class);
    }
  }

  /** Whatever is made of it, it is a picture or a refusal: never an exception. */
  @ParameterizedTest
  @MethodSource("pictures")
  void endsForWhateverIsDamaged(String format, byte[] body) {
    assertThat(format).isNotEmpty();
    var random = new Random(7);
    for (var i = 0; i < 400; i++) {
      var damaged = body.clone();
      for (var j = 0; j <= i % 4; j++) {
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
      }

      assertThat(PICTURES.check(damaged)).isNotNull();
    }
  }

  @Test
  void refusesADamagedChunk() {
    var body = Photos.png(64, 48);
    body[60] ^= 1;

    assertThat(PICTURES.check(body))
        .isInstanceOfSatisfying(
            Unusable.class, it -> assertThat(it.problem()).contains("checksum").contains("IDAT"));
  }

  @Test
  void refusesMoreScansThanAPictureNeeds() {
    var body = Photos.progressiveJpeg(64, 48);
    var lastScan = lastScan(body);
    var bytes = new ByteArrayOutputStream();
    bytes.write(body, 0, body.length - 2);
    for (var i = 0; i < JpegOutline.MOST_SCANS; i++) {
      bytes.write(body, lastScan, body.length - 2 - lastScan);
    }
    bytes.write(body, body.length - 2, 2);

    assertThat(PICTURES.check(bytes.toByteArray()))
        .isEqualTo(new Unusable("expected at most 32 scans, found more"));
  }

  @Test
  void refusesKindsThatAreNotReadHere() {
    var lossless = Photos.jpeg(64, 48);
    lossless[indexOf(lossless, 0xC0) + 1] = (byte) 0xC3;
    var nothing = Photos.jpeg(64, 48);
    nothing[indexOf(nothing, 0xC0) + 5] = 0;
    nothing[indexOf(nothing, 0xC0) + 6] = 0;
    var deep = new BufferedImage(16, 16, BufferedImage.TYPE_USHORT_GRAY);

    assertThat(PICTURES.check(lossless)).isInstanceOf(Unusable.class);
    assertThat(PICTURES.check(nothing)).isInstanceOf(Unusable.class);
    assertThat(PICTURES.check(Photos.encoded("png", deep, false)))
        .isEqualTo(new Unusable("expected at most 8 bits a channel, found 16"));
  }

  @Test
  void knowsNoOtherFormats() {
    for (var body :
        List.of(
            "", "GIF89a", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>", "BM", "RIFF....WEBP")) {
      assertThat(PICTURES.check(body.getBytes(UTF_8))).isEqualTo(new Unknown());
    }
  }

  private static Sound sound(byte[] body) {
    var check = PICTURES.check(body);
    assertThat(check).isInstanceOf(Sound.class);
    return (Sound) check;
  }

  private static void assertLike(int found, int expected) {
    for (var shift : List.of(0, 8, 16)) {
      assertThat((found >> shift) & 0xFF)
          .as("%06X is like %06X", found & 0xFFFFFF, expected)
          .isBetween(((expected >> shift) & 0xFF) - 40, ((expected >> shift) & 0xFF) + 40);
    }
  }

  /** The markers before the entropy-coded data, with that of the scan. */
  private static List<Integer> segments(byte[] jpeg) {
    var markers = new ArrayList<Integer>();
    for (var at = 2; markers.isEmpty() || markers.getLast() != 0xDA; ) {
      markers.add(jpeg[at + 1] & 0xFF);
      at += 2 + (((jpeg[at + 2] & 0xFF) << 8) | (jpeg[at + 3] & 0xFF));
    }
    return markers;
  }

  private static int indexOf(byte[] jpeg, int marker) {
    for (var at = 0; ; at++) {
      if ((jpeg[at] & 0xFF) == 0xFF && (jpeg[at + 1] & 0xFF) == marker) {
        return at;
      }
    }
  }

  private static int lastScan(byte[] jpeg) {
    for (var at = jpeg.length - 2; ; at--) {
      if ((jpeg[at] & 0xFF) == 0xFF && (jpeg[at + 1] & 0xFF) == 0xDA) {
        return at;
      }
    }
  }
}
