package io.smartdoor.identification.face;

/** Whose one face is. */
public sealed interface FaceVerdict {

  /**
   * How alike it is to whoever it is most like; {@link Confidence#NONE} where nobody is enrolled.
   */
  Confidence confidence();

  /** This person's, and nobody else's. */
  record Matched(PersonId person, Confidence confidence) implements FaceVerdict {}

  /** Nobody's who is enrolled. */
  record Unknown(Confidence confidence) implements FaceVerdict {}

  /** Perhaps somebody's: too little alike to say so, or as much like somebody else. */
  record Ambiguous(Confidence confidence) implements FaceVerdict {}
}
