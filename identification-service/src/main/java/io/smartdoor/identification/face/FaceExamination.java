package io.smartdoor.identification.face;

/** Whether a picture shows one face that is good enough to know a person by. */
public sealed interface FaceExamination {

  /** It does, and this is to be kept of it. */
  record Usable(FaceTemplate template) implements FaceExamination {}

  /** It shows no face. */
  record NoFace() implements FaceExamination {}

  /**
   * Whose face is meant?
   *
   * @param count two or more
   */
  record SeveralFaces(int count) implements FaceExamination {}

  /**
   * Its face has too few pixels.
   *
   * @param pixels how wide the face is
   * @param least how wide it has to be
   */
  record TooSmall(int pixels, int least) implements FaceExamination {}

  /**
   * Its face has too little detail.
   *
   * @param sharpness what was found, in the method's own measure
   * @param least what it has to be
   */
  record TooBlurred(double sharpness, double least) implements FaceExamination {}

  /** It is no picture that can be looked at. */
  record Unreadable(UnreadablePicture reason) implements FaceExamination {}
}
