package io.smartdoor.identification.face;

import java.util.Collection;

/**
 * Finds faces in pictures, and whose they are. Whatever the bytes of a picture are, there is an
 * answer. Safe for use by several threads.
 *
 * <p>A matcher may need something that is out of reach, or out of order: then its methods throw
 * {@link FaceMatcherUnavailableException}, and can be tried again.
 */
public interface FaceMatcher {

  /** How faces are compared; {@linkplain FaceTemplate templates} of other methods are of no use. */
  FaceMethod method();

  /**
   * Whether {@code picture}, a JPEG or PNG, shows one face that is good enough to know a person by,
   * and what to keep of it.
   */
  FaceExamination examine(byte[] picture);

  /**
   * Everybody to compare with. Opening it costs some milliseconds for each face, looking at a
   * picture by it does not: keep it until somebody is enrolled or forgotten, then close it.
   *
   * @param faces in any order. Those of other methods are {@linkplain FaceGallery#leftOut left out}
   */
  FaceGallery gallery(Collection<EnrolledFace> faces);

  /**
   * Forgets what the matcher itself keeps of a template, if anything. The same again changes
   * nothing.
   */
  void forget(FaceTemplate template);
}
