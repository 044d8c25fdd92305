package io.smartdoor.faults;

import static io.smartdoor.faults.ProxyFixture.LOCK;
import static io.smartdoor.faults.ProxyFixture.PATIENCE;
import static io.smartdoor.faults.ProxyFixture.door;
import static io.smartdoor.faults.ProxyFixture.nameOf;
import static io.smartdoor.faults.ProxyFixture.newName;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.Select;
import software.amazon.awssdk.services.eventbridge.model.PutEventsRequestEntry;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.sqs.model.Message;

/** Without a rule, a caller cannot tell the proxy from AWS. */
class TransparencyTest {

  private static final int ONE_MEBIBYTE = 1024 * 1024;

  private final ProxyFixture fixture = new ProxyFixture();
  private final CallLog calls = fixture.proxy.calls();

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void passesOnWhatIsWrittenAndRead() {
    var table = fixture.newTable();
    var tables = fixture.caller.tables();

    tables.putItem(it -> it.tableName(table).item(door("front")));

    assertThat(tables.getItem(it -> it.tableName(table).key(door("front"))).item())
        .isEqualTo(door("front"));
    assertThat(calls.names())
        .map(CallName::toString)
        .containsExactly(
            "lock: DynamoDB PutItem " + table + " #1", "lock: DynamoDB GetItem " + table + " #1");
  }

  @Test
  void passesOnWhatAwsRefuses() {
    var table = fixture.newTable();
    var tables = fixture.caller.tables();
    tables.putItem(it -> it.tableName(table).item(door("front")));

    assertThatThrownBy(() ->
            tables.putItem(it ->
                it.tableName(table)
                    .item(door("front"))
                    .conditionExpression("attribute_not_exists(id)")))
        .isInstanceOf(ConditionalCheckFailedException.class);
    assertThat(calls.all().getLast().status()).isEqualTo(OptionalInt.of(400));
    assertThat(calls.all().getLast().awsStatus()).isEqualTo(OptionalInt.of(400));
  }

  @Test
  void isNotBypassedByQueueUrlsThatNameAnotherHost() {
    var queues = fixture.caller.queues();
    var name = nameOf(fixture.newQueue());
    var url = queues.getQueueUrl(it -> it.queueName(name)).queueUrl();
    assertThat(url).doesNotContain(Integer.toString(fixture.proxy.endpointFor(LOCK).getPort()));

    queues.sendMessage(it -> it.queueUrl(url).messageBody("opened"));
    var message = queues.receiveMessage(it -> it.queueUrl(url)).messages().getFirst();
    queues.deleteMessage(it -> it.queueUrl(url).receiptHandle(message.receiptHandle()));

    assertThat(message.body()).isEqualTo("opened");
    assertThat(calls.all())
        .map(it -> it.operation() + " " + it.resource())
        .containsExactly(
            "SQS GetQueueUrl " + name,
            "SQS SendMessage " + name,
            "SQS ReceiveMessage " + name,
            "SQS DeleteMessage " + name);
  }

  @Test
  void letsALongPollWaitAndCallsItIdleWhereItBringsNothing() {
    var queue = fixture.newQueue();

    fixture.caller.queues().receiveMessage(it -> it.queueUrl(queue).waitTimeSeconds(1));

    var poll = calls.all().getFirst();
    assertThat(poll.took()).isGreaterThan(Duration.ofMillis(900));
    assertThat(poll.idle()).isTrue();
    assertThat(calls.names()).isEmpty();
    assertThat(calls.counts()).isEmpty();
  }

  @Test
  void endsALongPollWhenAMessageComes() throws Exception {
    var queue = fixture.newQueue();
    var queues = fixture.caller.queuesOverNetty();

    var poll = queues.receiveMessage(it -> it.queueUrl(queue).waitTimeSeconds(20));
    fixture.observer.queues().sendMessage(it -> it.queueUrl(queue).messageBody("opened"));

    assertThat(poll.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS).messages())
        .map(Message::body)
        .containsExactly("opened");
    assertThat(calls.names()).hasSize(1);
  }

  @Test
  void passesOnLargeObjectsWhichAreSentOnceTheServerAsksForThem() {
    var bucket = newName("snapshots");
    fixture.observer.buckets().createBucket(it -> it.bucket(bucket));
    var picture = new byte[ONE_MEBIBYTE];
    new Random(1).nextBytes(picture);
    var buckets = fixture.caller.buckets();

    buckets.putObject(it -> it.bucket(bucket).key("front/1 ä"), RequestBody.fromBytes(picture));

    var read = buckets.getObjectAsBytes(it -> it.bucket(bucket).key("front/1 ä"));
    assertThat(read.asByteArrayUnsafe()).isEqualTo(picture);
    assertThat(buckets.headObject(it -> it.bucket(bucket).key("front/1 ä")).contentLength())
        .isEqualTo(ONE_MEBIBYTE);
    assertThatThrownBy(() -> buckets.getObjectAsBytes(it -> it.bucket(bucket).key("back")))
        .isInstanceOf(NoSuchKeyException.class);
    assertThat(calls.all())
        .map(it -> it.operation() + " " + it.resource())
        .containsExactly(
            "S3 PutObject " + bucket + "/front/1 ä",
            "S3 GetObject " + bucket + "/front/1 ä",
            "S3 HeadObject " + bucket + "/front/1 ä",
            "S3 GetObject " + bucket + "/back");
  }

  @Test
  void passesOnLargeMessages() {
    var queue = fixture.newQueue();
    var queues = fixture.caller.queues();
    var body = "x".repeat(ONE_MEBIBYTE);

    queues.sendMessage(it -> it.queueUrl(queue).messageBody(body));

    assertThat(queues.receiveMessage(it -> it.queueUrl(queue)).messages().getFirst().body())
        .isEqualTo(body);
  }

  @Test
  void knowsBusesAndStateMachines() {
    var workflows = fixture.caller.workflows();
    var machine =
        fixture
            .observer
            .workflows()
            .createStateMachine(it ->
                it.name(newName("identify"))
                    .roleArn("arn:aws:iam::%s:role/identify".formatted(fixture.aws().account()))
                    .definition(
                        "{\"StartAt\": \"End\", \"States\": {\"End\": {\"Type\": \"Succeed\"}}}"))
            .stateMachineArn();

    var execution = workflows.startExecution(it -> it.stateMachineArn(machine)).executionArn();
    workflows.describeExecution(it -> it.executionArn(execution));
    fixture
        .caller
        .buses()
        .putEvents(it ->
            it.entries(
                PutEventsRequestEntry.builder()
                    .eventBusName("smartdoor")
                    .source("SmartDoor")
                    .detailType("Door Status")
                    .detail("{}")
                    .build()));

    var name = machine.substring(machine.lastIndexOf(':') + 1);
    assertThat(calls.all())
        .map(it -> it.operation() + " " + it.resource())
        .containsExactly(
            "Step Functions StartExecution " + name,
            "Step Functions DescribeExecution " + name,
            "EventBridge PutEvents smartdoor");
  }

  @Test
  void keepsTheConnectionOfACallerThatCallsOneByOne() {
    var table = fixture.newTable();
    var tables = fixture.caller.tables();

    for (var i = 0; i < 20; i++) {
      tables.getItem(it -> it.tableName(table).key(door("front")));
    }

    assertThat(calls.all()).hasSize(20).map(RecordedCall::connection).containsOnly(1L);
  }

  @Test
  void serves64ThreadsAtOnceAndMissesNoCall() throws Exception {
    var table = fixture.newTable();
    var tables = fixture.caller.tables();
    List<Future<?>> all = new ArrayList<>();
    try (var threads = Executors.newFixedThreadPool(64)) {
      for (var thread = 0; thread < 64; thread++) {
        var name = "door-" + thread;
        all.add(
            threads.submit(() ->
                IntStream.range(0, 10)
                    .mapToObj(i -> door(name + "-" + i))
                    .forEach(it -> {
                      tables.putItem(put -> put.tableName(table).item(it));
                      var read = tables.getItem(get -> get.tableName(table).key(it));
                      assertThat(read.item()).isEqualTo(it);
                    })));
      }
    }

    for (var one : all) {
      one.get();
    }
    assertThat(calls.counts())
        .containsEntry(new AwsOperation(AwsService.DYNAMODB, "PutItem"), 640L)
        .containsEntry(new AwsOperation(AwsService.DYNAMODB, "GetItem"), 640L);
    assertThat(calls.all()).map(RecordedCall::sequence).doesNotHaveDuplicates();
    var scan = fixture.observer.tables().scan(it -> it.tableName(table).select(Select.COUNT));
    assertThat(scan.count()).isEqualTo(640);
  }

  @Test
  void tellsCallersApart() {
    var table = fixture.newTable();
    var second = new Caller("lock", 2);
    try (var clients = fixture.clientsOf(second)) {
      clients.tables().getItem(it -> it.tableName(table).key(door("front")));
    }
    fixture.caller.tables().getItem(it -> it.tableName(table).key(door("front")));

    assertThat(calls.all()).map(RecordedCall::caller).containsExactly(second, LOCK);
    assertThat(calls.names()).map(CallName::ordinal).containsExactly(1, 2);
  }
}
