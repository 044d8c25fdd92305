package io.smartdoor.identification.face;

import java.util.List;
import java.util.OptionalDouble;

/**
 * What became of pictures whose faces are known beforehand. A check of what this version does with
 * these pictures, and nothing else.
 *
 * @param trials every picture, once with its person enrolled and once without
 * @param thresholds by default
 */
record Robustness(List<Trial> trials, Thresholds thresholds) {

  /**
   * One picture.
   *
   * @param variation what was changed in it
   * @param own how alike its face is to its own person's; empty where no face was found
   * @param others how alike its face is to whoever else it is most like; empty where none was found
   */
  record Trial(String variation, OptionalDouble own, OptionalDouble others) {}

  /** Strangers who would be taken for somebody, were this the threshold of a match. */
  long falseAccepts(double threshold) {
    return trials.stream().filter(it -> it.others().orElse(-1) >= threshold).count();
  }

  /** Residents who would not be known, were this the threshold of a match. */
  long falseRejects(double threshold) {
    return falseRejects(trials, threshold);
  }

  static long falseRejects(List<Trial> trials, double threshold) {
    return trials.stream().filter(it -> it.own().orElse(-1) < threshold).count();
  }

  long accepted() {
    return falseAccepts(thresholds.match().percent());
  }

  /**
   * What the rate of false accepts on pictures of this kind is at most, with 95 % confidence: by
   * the rule of three, 3/N, where none was seen.
   */
  double upperBound() {
    var seen = accepted();
    // Poisson's limits for few events: https://en.wikipedia.org/wiki/Rule_of_three_(statistics).
    return (seen == 0 ? 3.0 : seen + 2 + 2 * Math.sqrt(seen + 1.0)) / trials.size();
  }

  boolean passed() {
    return !trials.isEmpty() && accepted() == 0;
  }
}
