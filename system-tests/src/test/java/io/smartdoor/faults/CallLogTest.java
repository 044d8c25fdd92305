package io.smartdoor.faults;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class CallLogTest {

  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final AwsOperation PUT_ITEM = new AwsOperation(AwsService.DYNAMODB, "PutItem");
  private static final AwsOperation PUT_OBJECT = new AwsOperation(AwsService.S3, "PutObject");

  private final CallLog log = new CallLog();
  private long arrived;

  @Test
  void namesCallsByTheirPlaceAmongTheirLikesWhateverInstanceMadeThem() {
    log.add(call(new Caller("lock", 1), PUT_ITEM, "outbox", false));
    log.add(call(new Caller("lock", 2), PUT_ITEM, "outbox", false));
    log.add(call(new Caller("lock", 1), PUT_ITEM, "doors", false));
    log.add(call(new Caller("notification", 1), PUT_ITEM, "outbox", false));

    assertThat(log.names())
        .map(CallName::toString)
        .containsExactly(
            "lock: DynamoDB PutItem outbox #1",
            "lock: DynamoDB PutItem outbox #2",
            "lock: DynamoDB PutItem doors #1",
            "notification: DynamoDB PutItem outbox #1");
  }

  @Test
  void leavesIdlePollsOutOfNamesAndCounts() {
    var caller = Caller.of("notification");
    log.add(call(caller, AwsOperation.RECEIVE_MESSAGE, "queue", true));
    log.add(call(caller, AwsOperation.RECEIVE_MESSAGE, "queue", false));
    log.add(call(caller, AwsOperation.RECEIVE_MESSAGE, "queue", true));

    assertThat(log.names())
        .map(CallName::toString)
        .containsExactly("notification: SQS ReceiveMessage queue #1");
    assertThat(log.counts()).containsOnly(Map.entry(AwsOperation.RECEIVE_MESSAGE, 1L));
    assertThat(log.all()).hasSize(3);
  }

  @Test
  void namesObjectsByTheirBucketSinceKeysDifferFromRunToRun() {
    log.add(call(Caller.of("lock"), PUT_OBJECT, "snapshots/1", false));
    log.add(call(Caller.of("lock"), PUT_OBJECT, "snapshots/2", false));

    assertThat(log.names())
        .map(CallName::toString)
        .containsExactly("lock: S3 PutObject snapshots #1", "lock: S3 PutObject snapshots #2");
  }

  @Test
  void ordersCallsByTheirArrivalNotTheirEnd() {
    var first = call(Caller.of("lock"), PUT_ITEM, "first", false);
    log.add(call(Caller.of("lock"), PUT_ITEM, "second", false));
    log.add(first);

    assertThat(log.all()).map(RecordedCall::resource).containsExactly("first", "second");
  }

  @Test
  void findsACallByTheNameThatItHadInAnotherRun() {
    log.add(call(Caller.of("lock"), PUT_ITEM, "outbox", false));
    log.add(call(Caller.of("lock"), PUT_ITEM, "outbox", false));
    var name = log.names().getLast();
    var rule = new Rule(new Fault.Throttle(), Match.of(name), Times.nth(name.ordinal()));

    assertThat(List.of("outbox", "doors", "outbox", "outbox"))
        .map(it -> rule.strikes(put(it)))
        .containsExactly(false, false, true, false);
  }

  @Test
  void wakesWhoeverWaitsForCalls() {
    log.add(call(Caller.of("lock"), PUT_ITEM, "outbox", false));
    var waiting =
        CompletableFuture.supplyAsync(() -> {
          try {
            return log.await(2, it -> it.is(PUT_ITEM), PATIENCE);
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
        });

    log.add(call(Caller.of("lock"), AwsOperation.PUT_EVENTS, "bus", false));
    log.add(call(Caller.of("lock"), PUT_ITEM, "outbox", false));

    assertThat(waiting).succeedsWithin(PATIENCE).extracting(List::size).isEqualTo(2);
  }

  @Test
  void saysWhatItHasWhenTheWaitIsOver() {
    log.add(call(Caller.of("lock"), PUT_ITEM, "outbox", false));

    assertThatThrownBy(() -> log.await(2, it -> it.is(PUT_ITEM), Duration.ofMillis(1)))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("expected 2")
        .hasMessageContaining("outbox");
  }

  @Test
  void beginsAnewWhenItIsCleared() {
    log.add(call(Caller.of("lock"), PUT_ITEM, "outbox", false));
    log.clear();
    log.add(call(Caller.of("lock"), PUT_ITEM, "outbox", false));

    assertThat(log.names()).map(CallName::ordinal).containsExactly(1);
    assertThatThrownBy(() -> log.await(2, _ -> true, Duration.ofMillis(1)))
        .isInstanceOf(AssertionError.class);
  }

  private RecordedCall call(Caller caller, AwsOperation operation, String resource, boolean idle) {
    return new RecordedCall(
        ++arrived,
        1,
        caller,
        operation,
        resource,
        Optional.empty(),
        OptionalInt.of(200),
        OptionalInt.of(200),
        idle,
        List.of(),
        Instant.EPOCH,
        Instant.EPOCH);
  }

  private static AwsCall put(String table) {
    var headers = Headers.none().with("X-Amz-Target", "DynamoDB_20120810.PutItem");
    var body = "{\"TableName\": \"%s\"}".formatted(table).getBytes(UTF_8);
    return CallReader.read(Caller.of("lock"), new HttpRequest("POST", "/", headers, body));
  }
}
