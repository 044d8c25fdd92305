package io.smartdoor.identification.workflow;

import java.util.Arrays;

/**
 * How an execution is, as far as anybody has to act on it: the other statuses that there are
 * (https://docs.aws.amazon.com/step-functions/latest/apireference/API_DescribeExecution.html), and
 * those to come, are one.
 */
enum ExecutionStatus {
  FAILED,
  TIMED_OUT,
  ABORTED,
  /** It runs, succeeded, or is about to be run again. */
  OTHER;

  static ExecutionStatus of(String text) {
    return Arrays.stream(values()).filter(it -> it.name().equals(text)).findFirst().orElse(OTHER);
  }

  /** Whether it ended without anybody being told what it found. */
  boolean isDead() {
    return this != OTHER;
  }
}
