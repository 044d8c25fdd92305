package io.smartdoor.proof;

import java.time.Duration;
import java.util.List;

/**
 * What the checker said about a build that was broken on purpose.
 *
 * @param broken what was taken away
 * @param crash that shows it
 * @param fired whether both came to pass
 * @param caught whether the checker noticed, and for the right reason
 */
record Caught(
    String broken,
    String crash,
    boolean fired,
    boolean caught,
    List<Violation> violations,
    Duration took) {

  String text() {
    if (!fired) {
      return "FAULT NEVER STRUCK";
    }
    return "%s %s".formatted(caught ? "caught:" : "NOT CAUGHT; found:", violations);
  }
}
