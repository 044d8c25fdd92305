package io.smartdoor.proof;

/** What happens to the process that makes a call. */
enum Crash {
  /** Kill -9: the call never reaches AWS. */
  KILLED_BEFORE("killed before"),
  /** Kill -9: AWS has executed the call, and nobody learns of it. */
  KILLED_AFTER("killed after"),
  /** SIGSTOP until another instance has done the work, then SIGCONT. */
  PAUSED("paused");

  private final String label;

  Crash(String label) {
    this.label = label;
  }

  @Override
  public String toString() {
    return label;
  }
}
