package io.smartdoor.identification.face;

import java.util.List;
import java.util.Optional;

/**
 * From where on a face is a person's, and below what it is nobody's. In between it is ambiguous.
 *
 * @param match at least this much alike: matched
 * @param unknown less alike than this to everybody: unknown; at most {@code match}
 */
public record Thresholds(Confidence match, Confidence unknown) {

  public Thresholds {
    if (unknown.compareTo(match) > 0) {
      throw new IllegalArgumentException(
          "expected a threshold of unknown of %s or less, found %s"
              .formatted(match.percent(), unknown.percent()));
    }
  }

  static Thresholds of(double match, double unknown) {
    return new Thresholds(new Confidence(match), new Confidence(unknown));
  }

  /**
   * What a face is.
   *
   * @param people whose the faces are that it was compared with; somebody's may be several
   * @param confidences how alike it is to each of them, in their order
   */
  FaceVerdict closest(List<PersonId> people, double[] confidences) {
    Optional<PersonId> best = Optional.empty();
    var first = Confidence.NONE;
    for (var i = 0; i < confidences.length; i++) {
      var confidence = Confidence.near(confidences[i]);
      if (best.isEmpty() || confidence.compareTo(first) > 0) {
        best = Optional.of(people.get(i));
        first = confidence;
      }
    }
    var second = Confidence.NONE;
    for (var i = 0; i < confidences.length; i++) {
      var confidence = Confidence.near(confidences[i]);
      if (!people.get(i).equals(best.orElseThrow()) && confidence.compareTo(second) > 0) {
        second = confidence;
      }
    }
    return verdict(best, first, second);
  }

  /**
   * What a face is.
   *
   * @param best whoever it is most like, if anybody is enrolled
   * @param second how alike it is to whoever comes next: two people who both reach the threshold
   *     cannot be told apart
   */
  FaceVerdict verdict(Optional<PersonId> best, Confidence confidence, Confidence second) {
    if (best.isEmpty() || !confidence.reaches(unknown)) {
      return new FaceVerdict.Unknown(confidence);
    }
    return confidence.reaches(match) && !second.reaches(match)
        ? new FaceVerdict.Matched(best.get(), confidence)
        : new FaceVerdict.Ambiguous(confidence);
  }
}
