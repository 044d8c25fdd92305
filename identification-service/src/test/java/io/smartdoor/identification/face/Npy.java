package io.smartdoor.identification.face;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Grey pictures in an array file of NumPy:
 * https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html.
 *
 * @param side width and height of each, in pixels
 * @param pictures their pixels, row by row
 */
record Npy(int side, List<byte[]> pictures) {

  /** Doubles from 0 to 1, little-endian, picture by picture. */
  private static final Pattern HEADER =
      Pattern.compile("'descr': '<f8', 'fortran_order': False, 'shape': \\((\\d+), (\\d+), \\2\\)");

  private static final int BEFORE_HEADER = 10;

  static Npy read(Path file) throws IOException {
    var bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    var header = new byte[bytes.getShort(BEFORE_HEADER - 2)];
    bytes.position(BEFORE_HEADER).get(header);
    var found = HEADER.matcher(new String(header, US_ASCII));
    if (!found.find()) {
      throw new IOException(
          "expected square pictures of doubles in %s, found %s"
              .formatted(file, new String(header, US_ASCII).strip()));
    }
    var side = Integer.parseInt(found.group(2));
    var pictures = new ArrayList<byte[]>();
    for (var i = 0; i < Integer.parseInt(found.group(1)); i++) {
      var pixels = new byte[side * side];
      for (var j = 0; j < pixels.length; j++) {
        pixels[j] = (byte) Math.round(255 * bytes.getDouble());
      }
      pictures.add(pixels);
    }
    return new Npy(side, pictures);
  }
}
