package io.smartdoor.identification.face;

/**
 * Everybody whose face is enrolled, as of now: who was enrolled or forgotten before a picture is
 * looked at counts, whichever instance did that. Safe for use by several threads.
 */
public interface KnownFaces {

  /**
   * Who {@code picture}, a JPEG or PNG, shows.
   *
   * @throws FaceMatcherUnavailableException where faces cannot be compared now
   */
  PictureVerdict match(byte[] picture);
}
