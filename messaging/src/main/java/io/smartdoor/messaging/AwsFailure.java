package io.smartdoor.messaging;

import java.util.Optional;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.exception.SdkServiceException;

/**
 * Why AWS did not do what it was asked, where the event that it was asked for is not to blame. All
 * three are retried however long they last, since they end; what differs is who ends them.
 */
public enum AwsFailure {
  /** Too much at once: passes by itself, soon. */
  CROWDED,
  /** Out of reach, or failing: passes by itself. */
  OUTAGE,
  /**
   * It answers that it will not: permissions, credentials, a resource that is not there. Nothing
   * works for anybody until an operator mends it, and then everything does.
   */
  BLOCKED;

  /** The code of what never was an answer. */
  public static final String UNREACHABLE = "unreachable";

  /** Why {@code failure} happened; a caller first looks for the codes that its event causes. */
  public static AwsFailure of(SdkException failure) {
    if (!(failure instanceof SdkServiceException answer)) {
      return OUTAGE;
    }
    if (answer.isThrottlingException()) {
      return CROWDED;
    }
    return answer.statusCode() >= 500 ? OUTAGE : BLOCKED;
  }

  /** AWS's error code, else {@code status-} and the HTTP status, else {@value #UNREACHABLE}. */
  public static String codeOf(SdkException failure) {
    return failure instanceof AwsServiceException answer
        ? Optional.ofNullable(answer.awsErrorDetails())
            .map(AwsErrorDetails::errorCode)
            .orElse("status-" + answer.statusCode())
        : UNREACHABLE;
  }
}
