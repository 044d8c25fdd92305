package io.smartdoor.identification.face;

/** Why a picture cannot be looked at; it never will be. */
public enum UnreadablePicture {
  /** It begins like nothing that is read here. */
  NEITHER_JPEG_NOR_PNG,
  /** More than {@link PictureLimits#MOST_BYTES}. */
  TOO_MANY_BYTES,
  /** More than {@link PictureLimits#MOST_PIXELS}, or in more passes than a camera makes. */
  TOO_MANY_PIXELS,
  /** It begins like a picture and is none. */
  BROKEN
}
