package io.smartdoor.identification.face;

import io.smartdoor.identification.face.FaceVerdict.Matched;
import java.util.List;

/**
 * Who a picture shows, over all its faces. Only {@link Everyone} is a recognition: whatever else it
 * is, somebody should look.
 */
public sealed interface PictureVerdict {

  /**
   * Every face is somebody's.
   *
   * @param person whose face is the most certain
   * @param confidence how certain that is
   * @param faces all of them, the most certain first
   */
  record Everyone(PersonId person, Confidence confidence, List<Matched> faces)
      implements PictureVerdict {}

  /**
   * At least one face is nobody's who is enrolled, whoever else is there.
   *
   * @param best how alike the strangest of them is to whoever it is most like
   * @param faces all of them, the largest first
   */
  record Unknown(Confidence best, List<FaceVerdict> faces) implements PictureVerdict {}

  /**
   * No face is a stranger's for certain, and at least one is nobody's for certain.
   *
   * @param best how alike the least certain of them is to whoever it is most like
   * @param faces all of them, the largest first
   */
  record Ambiguous(Confidence best, List<FaceVerdict> faces) implements PictureVerdict {}

  /** There is no face that could be compared. */
  record NoFace() implements PictureVerdict {}

  /** It is no picture that can be looked at. */
  record Unreadable(UnreadablePicture reason) implements PictureVerdict {}
}
