package io.smartdoor.lock.snapshot;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.Arrays;
import java.util.Optional;

/** The formats in which doors may send pictures, told apart by how their files begin. */
enum PictureFormat {
  /** ITU-T T.81, B.2.1: start of image, and the next marker's first byte. */
  JPEG("image/jpeg", "\u00FF\u00D8\u00FF"),
  /** PNG (Third Edition), 5.2. */
  PNG("image/png", "\u0089PNG\r\n\u001A\n");

  private final String mediaType;
  private final String beginning;

  /**
   * @param beginning a byte for each character
   */
  PictureFormat(String mediaType, String beginning) {
    this.mediaType = mediaType;
    this.beginning = beginning;
  }

  /** What {@code body} begins as. */
  static Optional<PictureFormat> of(byte[] body) {
    return Arrays.stream(values()).filter(it -> it.begins(body)).findFirst();
  }

  String mediaType() {
    return mediaType;
  }

  /** The length of what tells the format. */
  int signatureLength() {
    return beginning.length();
  }

  private boolean begins(byte[] body) {
    var length = Math.min(body.length, beginning.length());
    return new String(body, 0, length, ISO_8859_1).equals(beginning);
  }
}
