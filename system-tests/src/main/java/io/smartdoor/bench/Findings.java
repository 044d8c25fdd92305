package io.smartdoor.bench;

import java.util.List;
import java.util.Optional;

/**
 * All that one run has measured; what was not asked for is missing.
 *
 * @param calls per door event, medians
 * @param disturbed what doors saw of SmartDoor and of the request-response double
 */
record Findings(
    List<Figure> figures,
    List<Calls.Line> calls,
    Optional<Growth> growth,
    Optional<Disturbed> disturbed) {

  /**
   * @param smartDoorInboxes share of the accepted openings that came into the inbox in the end
   */
  record Disturbed(
      Disturbance.Course smartDoor, Disturbance.Course requestResponse, double smartDoorInboxes) {

    /** Every door has its answer whatever notification does, and nothing accepted is lost. */
    boolean holds() {
      var answered =
          List.of(Disturbance.Phase.values()).stream()
              .allMatch(it -> smartDoor.shareAnswered(it) == 1);
      return answered && smartDoorInboxes == 1;
    }
  }

  boolean isReached() {
    return figures.stream().allMatch(Figure::isReached) && isTolerable();
  }

  boolean isTolerable() {
    return !(figures.isEmpty() && growth.isEmpty() && disturbed.isEmpty())
        && figures.stream().noneMatch(Figure::isMissedInEveryRound)
        && growth.stream().allMatch(Growth::isFlat)
        && disturbed.stream().allMatch(Disturbed::holds);
  }
}
