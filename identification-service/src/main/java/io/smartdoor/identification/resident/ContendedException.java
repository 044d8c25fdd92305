package io.smartdoor.identification.resident;

/** Others kept changing the same residents or counters. Nothing was changed; try again. */
final class ContendedException extends RuntimeException {

  private static final long serialVersionUID = 1;

  ContendedException(String message, Throwable cause) {
    super(message, cause);
  }
}
