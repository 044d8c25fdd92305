package io.smartdoor.faults;

import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Which calls a rule is about, by the request and, if need be, by AWS's answer.
 *
 * <pre>{@code
 * Match.of(AwsService.DYNAMODB, "PutItem").on("smartdoor-lock-outbox").by("lock")
 * Match.of(AwsOperation.RECEIVE_MESSAGE).delivering()
 * }</pre>
 *
 * <p>Immutable: each method gives a narrower one.
 */
public final class Match {

  private final String description;
  private final Predicate<AwsCall> call;
  private final @Nullable Predicate<AwsAnswer> answer;

  private Match(
      String description, Predicate<AwsCall> call, @Nullable Predicate<AwsAnswer> answer) {
    this.description = description;
    this.call = call;
    this.answer = answer;
  }

  public static Match everyCall() {
    return new Match("every call", _ -> true, null);
  }

  public static Match of(AwsService service) {
    return new Match(service.toString(), it -> it.operation().service() == service, null);
  }

  public static Match of(AwsOperation operation) {
    return new Match(operation.toString(), it -> it.is(operation), null);
  }

  public static Match of(AwsService service, String operation) {
    return of(new AwsOperation(service, operation));
  }

  /**
   * Calls of this name, of whichever instance. Which of them is for {@link Times} to say: {@code
   * nth(name.ordinal())}, counted from when the rule was made.
   */
  public static Match of(CallName name) {
    return new Match(name.withoutOrdinal(), name::fits, null);
  }

  /** By any instance of the service. */
  public Match by(String service) {
    return where("by " + service, it -> it.caller().service().equals(service));
  }

  public Match by(Caller caller) {
    return where("by " + caller, it -> it.caller().equals(caller));
  }

  /** About this table, queue, …, alone or among others; about this bucket or anything in it. */
  public Match on(String resource) {
    return where(
        "on " + resource,
        call ->
            call.resources().stream()
                .anyMatch(it -> it.equals(resource) || it.startsWith(resource + "/")));
  }

  /** About this index of a table. */
  public Match index(String name) {
    return where("index " + name, it -> it.index().filter(name::equals).isPresent());
  }

  /**
   * Fulfilling a condition of the test's own.
   *
   * @param description what a failed test prints
   */
  public Match where(String description, Predicate<AwsCall> condition) {
    return new Match(this.description + " " + description, call.and(condition), answer);
  }

  /**
   * Looks at AWS's answer too: such a rule can only strike after AWS.
   *
   * @param description what a failed test prints
   */
  public Match answered(String description, Predicate<AwsAnswer> condition) {
    return new Match(
        this.description + " " + description,
        call,
        answer == null ? condition : answer.and(condition));
  }

  /** That AWS executed without refusing. */
  public Match succeeding() {
    return answered("succeeding", AwsAnswer::succeeded);
  }

  /** That brought a message: an empty receive is no delivery. */
  public Match delivering() {
    return answered("delivering", it -> !Messages.in(it).isEmpty());
  }

  boolean looksAtAnswer() {
    return answer != null;
  }

  boolean test(AwsCall candidate) {
    return call.test(candidate);
  }

  boolean test(AwsCall candidate, AwsAnswer answered) {
    return call.test(candidate) && (answer == null || answer.test(answered));
  }

  @Override
  public String toString() {
    return description;
  }
}
