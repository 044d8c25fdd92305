package io.smartdoor.proof;

/**
 * A promise that was not kept.
 *
 * @param about what exactly, with keys
 */
record Violation(Kind kind, String about) {

  enum Kind {
    /** An accepted event is not stored, or not on the bus. */
    LOST_EVENT("event lost"),
    /** A subscriber has not handled an event, and no dead letter says why. */
    LOST_DELIVERY("delivery lost"),
    /** An event has no inbox entry, or no execution. */
    LOST_EFFECT("effect lost"),
    /** Something was done more than once. */
    DOUBLED_EFFECT("effect doubled"),
    /** An inbox tells less than is known, or something else than it was told last. */
    WRONG_ENTRY("wrong entry"),
    /** Something was done about a request that no door has made. */
    INVENTED_EFFECT("effect invented"),
    /** A request that is the same was answered differently. */
    CHANGED_ANSWER("answer changed"),
    /** A request that is right was refused. */
    REFUSED("refused"),
    /** Two requests that are not the same were taken under one key. */
    TAKEN_TWICE("taken twice"),
    /** An event that could be handled lies among the dead letters. */
    GIVEN_UP("given up"),
    /** A message that nobody can handle is gone, and no dead letter says why. */
    UNEXPLAINED("unexplained"),
    /** A service did what its role on AWS does not allow. */
    NOT_PERMITTED("not permitted"),
    /** Something is left that nobody will see to. */
    LEFT_OVER("left over");

    private final String label;

    Kind(String label) {
      this.label = label;
    }

    @Override
    public String toString() {
      return label;
    }
  }

  @Override
  public String toString() {
    return kind + ": " + about;
  }
}
