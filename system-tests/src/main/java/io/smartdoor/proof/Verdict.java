package io.smartdoor.proof;

import java.time.Duration;
import java.util.List;

/**
 * What one cell of the matrix has shown.
 *
 * @param place the call at which the fault struck
 * @param moment and how
 * @param fired whether it did strike; a fault that never struck proves nothing
 * @param violations none where all promises were kept
 */
record Verdict(
    String place, String moment, boolean fired, List<Violation> violations, Duration took) {

  boolean holds() {
    return fired && violations.isEmpty();
  }

  String text() {
    if (!fired) {
      return "FAULT NEVER STRUCK";
    }
    return violations.isEmpty() ? "holds" : "BROKEN: " + violations;
  }
}
