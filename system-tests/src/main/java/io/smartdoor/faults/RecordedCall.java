package io.smartdoor.faults;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * One call that went through the proxy, without its contents.
 *
 * @param sequence counts the calls of all callers in the order in which they arrived
 * @param connection tells the callers' connections apart
 * @param resource empty where there is none, joined by plus signs where there are several
 * @param status what the caller was answered; empty where its connection was cut instead
 * @param awsStatus what AWS answered; empty where the call was not forwarded, or AWS did not answer
 * @param idle whether it only asked for work, and there was none
 * @param faults names of those that struck
 * @param ended just before the answer was passed on
 */
public record RecordedCall(
    long sequence,
    long connection,
    Caller caller,
    AwsOperation operation,
    String resource,
    Optional<String> index,
    OptionalInt status,
    OptionalInt awsStatus,
    boolean idle,
    List<String> faults,
    Instant started,
    Instant ended) {

  public RecordedCall {
    faults = List.copyOf(faults);
  }

  public Duration took() {
    return Duration.between(started, ended);
  }

  /** Answered by AWS itself, refusals included. */
  public boolean reachedAws() {
    return awsStatus.isPresent();
  }

  public boolean is(AwsOperation other) {
    return operation.equals(other);
  }
}
