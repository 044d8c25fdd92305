package io.smartdoor.identification.face;

import io.smartdoor.identification.face.FaceVerdict.Ambiguous;
import io.smartdoor.identification.face.FaceVerdict.Matched;
import io.smartdoor.identification.face.FaceVerdict.Unknown;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** What the faces of a picture say about the picture. */
final class Verdicts {

  private Verdicts() {}

  /**
   * Over all {@code faces}, the largest first: one stranger is enough for an alert, and so is one
   * face that nobody can be sure of.
   */
  static PictureVerdict of(List<FaceVerdict> faces) {
    if (faces.isEmpty()) {
      return new PictureVerdict.NoFace();
    }
    var told = eachPersonOnce(faces);
    var strangest = least(told, Unknown.class);
    if (strangest.isPresent()) {
      return new PictureVerdict.Unknown(strangest.get(), told);
    }
    var leastCertain = least(told, Ambiguous.class);
    if (leastCertain.isPresent()) {
      return new PictureVerdict.Ambiguous(leastCertain.get(), told);
    }
    var matched =
        told.stream()
            .map(Matched.class::cast)
            .sorted(Comparator.comparing(Matched::confidence).reversed())
            .toList();
    var first = matched.getFirst();
    return new PictureVerdict.Everyone(first.person(), first.confidence(), matched);
  }

  private static Optional<Confidence> least(
      List<FaceVerdict> faces, Class<? extends FaceVerdict> kind) {
    return faces.stream()
        .filter(kind::isInstance)
        .map(FaceVerdict::confidence)
        .min(Comparator.naturalOrder());
  }

  /** Nobody is there twice: of two faces that match one person, the less certain is not theirs. */
  private static List<FaceVerdict> eachPersonOnce(List<FaceVerdict> faces) {
    Map<PersonId, Integer> best = new HashMap<>();
    for (var i = 0; i < faces.size(); i++) {
      if (faces.get(i) instanceof Matched(var person, var confidence)) {
        var known = best.get(person);
        if (known == null || confidence.compareTo(faces.get(known).confidence()) > 0) {
          best.put(person, i);
        }
      }
    }
    var told = new ArrayList<FaceVerdict>();
    for (var i = 0; i < faces.size(); i++) {
      told.add(
          faces.get(i) instanceof Matched(var person, var confidence)
                  && !Objects.equals(best.get(person), i)
              ? new Ambiguous(confidence)
              : faces.get(i));
    }
    return told;
  }
}
