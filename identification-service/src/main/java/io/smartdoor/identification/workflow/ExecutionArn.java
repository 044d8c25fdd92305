package io.smartdoor.identification.workflow;

/** Which execution of a state machine. */
record ExecutionArn(String value) {

  @Override
  public String toString() {
    return value;
  }
}
