package io.smartdoor.identification.face;

import java.util.List;

/** Everybody to compare with, open until it is closed. Safe for use by several threads. */
public interface FaceGallery extends AutoCloseable {

  /**
   * Who {@code picture}, a JPEG or PNG, shows.
   *
   * @throws IllegalStateException after {@link #close}
   */
  PictureVerdict match(byte[] picture);

  /** Faces that another method enrolled: nobody is known by them until they are enrolled anew. */
  List<EnrolledFace> leftOut();

  @Override
  void close();
}
