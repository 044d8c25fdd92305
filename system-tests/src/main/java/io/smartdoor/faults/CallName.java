package io.smartdoor.faults;

import java.util.Optional;

/**
 * A call by its place among the calls that one service makes while one thing happens: the same in
 * the next run, whatever ids and instances are then.
 *
 * @param caller the service, of whichever instance
 * @param resource as {@link AwsCall#resource}, but for S3 the bucket alone: keys differ from run to
 *     run
 * @param ordinal counted from 1 among the calls with all else the same, idle polls left out
 */
public record CallName(
    String caller, AwsOperation operation, String resource, Optional<String> index, int ordinal) {

  static CallName of(RecordedCall call) {
    return new CallName(
        call.caller().service(),
        call.operation(),
        repeatable(call.operation(), call.resource()),
        call.index(),
        1);
  }

  CallName withOrdinal(int other) {
    return new CallName(caller, operation, resource, index, other);
  }

  /** Whether a call bears this name, but for the ordinal. */
  boolean fits(AwsCall call) {
    return call.caller().service().equals(caller)
        && call.is(operation)
        && repeatable(call.operation(), call.resource()).equals(resource)
        && call.index().equals(index);
  }

  String withoutOrdinal() {
    return "%s: %s %s%s"
        .formatted(caller, operation, resource, index.map(it -> " by " + it).orElse(""))
        .strip();
  }

  @Override
  public String toString() {
    return withoutOrdinal() + " #" + ordinal;
  }

  private static String repeatable(AwsOperation operation, String resource) {
    return operation.service() == AwsService.S3 ? resource.replaceFirst("/.*", "") : resource;
  }
}
