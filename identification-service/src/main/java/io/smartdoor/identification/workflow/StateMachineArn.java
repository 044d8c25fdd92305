package io.smartdoor.identification.workflow;

/** Which state machine, without version or alias. */
record StateMachineArn(String value) {

  @Override
  public String toString() {
    return value;
  }
}
