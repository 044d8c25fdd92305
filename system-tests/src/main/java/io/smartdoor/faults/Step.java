package io.smartdoor.faults;

/** How a call goes on after a fault. */
sealed interface Step {

  /** The call goes to AWS, as it is now. */
  record Forward(AwsCall call) implements Step {}

  /** The caller is answered, as it is now. */
  record Answer(AwsAnswer answer) implements Step {}

  /** The caller's connection is reset. */
  record Cut() implements Step {}
}
