package io.smartdoor.identification.face;

import org.jspecify.annotations.Nullable;

/** A matcher cannot answer now, and can be asked again. */
public final class FaceMatcherUnavailableException extends RuntimeException {

  private static final long serialVersionUID = 1;

  private final boolean isPassing;

  /**
   * @param isPassing whether it may mend by itself; otherwise an operator has to mend a set-up
   */
  FaceMatcherUnavailableException(String message, boolean isPassing, @Nullable Throwable cause) {
    super(message, cause);
    this.isPassing = isPassing;
  }

  /** Whether it may mend by itself; otherwise an operator has to mend a set-up. */
  public boolean isPassing() {
    return isPassing;
  }
}
