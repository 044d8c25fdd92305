package io.smartdoor.identification.face;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PictureFileTest {

  private static final long PNG_SIGNATURE = 0x89504E470D0A1A0AL;

  @Test
  void aJpegAndAPngMayBeDecoded() {
    assertThat(PictureFile.refusal(Pictures.jpeg(Pictures.portrait()))).isEmpty();
    assertThat(PictureFile.refusal(Pictures.png(Pictures.portrait()))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "GIF89a", "RIFF....WEBP", "II*.", "%PDF-1.7", "<svg/>"})
  void nothingElseMay(String beginning) {
    assertThat(PictureFile.refusal(beginning.getBytes(US_ASCII)))
        .contains(UnreadablePicture.NEITHER_JPEG_NOR_PNG);
  }

  /** A few bytes that say they are gigabytes. */
  @ParameterizedTest
  @CsvSource({"100000, 100000", "1, 24500001", "2147483647, 2147483647"})
  void aDecompressionBombIsRefusedByWhatItSays(int width, int height) {
    assertThat(PictureFile.refusal(png(width, height))).contains(UnreadablePicture.TOO_MANY_PIXELS);
  }

  @Test
  void aJpegOfTooManyPixelsIsRefused() {
    var jpeg = Pictures.jpeg(Pictures.portrait());
    var frame = indexOf(jpeg, 0xC0);
    ByteBuffer.wrap(jpeg).putShort(frame + 5, (short) 60_000).putShort(frame + 7, (short) 60_000);

    assertThat(PictureFile.refusal(jpeg)).contains(UnreadablePicture.TOO_MANY_PIXELS);
  }

  /** Each scan goes over all pixels: a bomb of time. */
  @Test
  void aJpegOfTooManyScansIsRefused() {
    var jpeg = Pictures.jpeg(Pictures.portrait());
    var scans = ByteBuffer.allocate(jpeg.length + 2 * 40).put(jpeg);
    for (var i = 0; i < 40; i++) {
      scans.putShort((short) 0xFFDA);
    }

    assertThat(PictureFile.refusal(scans.array())).contains(UnreadablePicture.TOO_MANY_PIXELS);
  }

  @Test
  void moreThanFiveMegabytesAreRefused() {
    var jpeg = Arrays.copyOf(Pictures.jpeg(Pictures.portrait()), PictureLimits.MOST_BYTES + 1);

    assertThat(PictureFile.refusal(jpeg)).contains(UnreadablePicture.TOO_MANY_BYTES);
  }

  @Test
  void whatIsCutOffBeforeItSaysItsSizeIsBroken() {
    var jpeg = Pictures.jpeg(Pictures.portrait());
    assertThat(PictureFile.refusal(Arrays.copyOf(jpeg, indexOf(jpeg, 0xC0) + 4)))
        .contains(UnreadablePicture.BROKEN);
    assertThat(PictureFile.refusal(Arrays.copyOf(Pictures.png(Pictures.portrait()), 20)))
        .contains(UnreadablePicture.BROKEN);
    assertThat(PictureFile.refusal(png(0, 10))).contains(UnreadablePicture.BROKEN);
  }

  private static byte[] png(int width, int height) {
    return ByteBuffer.allocate(64)
        .putLong(PNG_SIGNATURE)
        .putInt(13)
        .put("IHDR".getBytes(US_ASCII))
        .putInt(width)
        .putInt(height)
        .array();
  }

  private static int indexOf(byte[] jpeg, int marker) {
    for (var i = 0; i + 1 < jpeg.length; i++) {
      if (jpeg[i] == (byte) 0xFF && jpeg[i + 1] == (byte) marker) {
        return i;
      }
    }
    throw new IllegalArgumentException("expected a marker " + marker);
  }
}
