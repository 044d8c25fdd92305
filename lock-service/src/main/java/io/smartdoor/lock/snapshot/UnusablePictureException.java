package io.smartdoor.lock.snapshot;

/** Bytes are no picture that is read here; says what was expected, and what was found. */
final class UnusablePictureException extends Exception {

  private static final long serialVersionUID = 1;

  UnusablePictureException(String problem) {
    super(problem);
  }
}
