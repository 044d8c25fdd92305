package io.smartdoor.bench;

import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromN;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromS;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.stream.IntStream;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ReturnValue;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;

/**
 * The floor of a consumer: receive ten, and for each the claim, the inbox and the completion, side
 * by side; then delete the ten. No failure is looked at, nothing is logged or counted.
 */
final class RawConsumer {

  /** SQS's largest batch. */
  private static final int BATCH = 10;

  /** Ten loops of ten: as many in flight as the services have. */
  private static final int LOOPS = 10;

  /** As many as a service has open at most. */
  private static final int POLLS = 4;

  private static final int POLL_SECONDS = 1;
  private static final Duration LEASE = Duration.ofSeconds(20);
  private static final Duration RETENTION = Duration.ofDays(90);

  private final SqsClient sqs;
  private final String queueUrl;
  private final DynamoDbClient dynamoDb;
  private final String handledTable;
  private final RawInbox inbox;
  private final Clock clock;
  private final Semaphore polls = new Semaphore(POLLS);

  RawConsumer(
      SqsClient sqs,
      String queueUrl,
      DynamoDbClient dynamoDb,
      String handledTable,
      RawInbox inbox,
      Clock clock) {
    this.sqs = sqs;
    this.queueUrl = queueUrl;
    this.dynamoDb = dynamoDb;
    this.handledTable = handledTable;
    this.inbox = inbox;
    this.clock = clock;
  }

  void start() {
    for (var i = 0; i < LOOPS; i++) {
      Thread.ofVirtual().name("loop-" + i).start(this::loop);
    }
  }

  private void loop() {
    while (true) {
      var messages = receive();
      if (!messages.isEmpty()) {
        var handled = new ConcurrentLinkedQueue<Message>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
          messages.forEach(it ->
              threads.execute(() -> {
                handle(RawEvent.of(it.body()));
                handled.add(it);
              }));
        }
        delete(List.copyOf(handled));
      }
    }
  }

  private List<Message> receive() {
    polls.acquireUninterruptibly();
    try {
      return sqs.receiveMessage(it ->
              it.queueUrl(queueUrl)
                  .maxNumberOfMessages(BATCH)
                  .waitTimeSeconds(POLL_SECONDS)
                  .messageSystemAttributeNames(MessageSystemAttributeName.ALL))
          .messages();
    } finally {
      polls.release();
    }
  }

  private void handle(RawEvent event) {
    var token = UUID.randomUUID().toString();
    claim(event, token);
    inbox.place(event);
    complete(event, token);
  }

  private void claim(RawEvent event, String token) {
    var now = clock.instant();
    update(
        event,
        "SET #token = :token, #lease = :until, #expires = :expires ADD #attempts :one",
        "attribute_not_exists(#handled) AND (attribute_not_exists(#lease) OR #lease <= :now)",
        Map.of(
            "#token", "token",
            "#lease", "lease-until",
            "#expires", "expires-at",
            "#attempts", "attempts",
            "#handled", "handled-at"),
        Map.of(
            ":token", fromS(token),
            ":until", number(now.plus(LEASE).toEpochMilli()),
            ":expires", number(now.plus(RETENTION).getEpochSecond()),
            ":now", number(now.toEpochMilli()),
            ":one", number(1)),
        ReturnValue.ALL_NEW);
  }

  private void complete(RawEvent event, String token) {
    var now = clock.instant();
    update(
        event,
        "SET #handled = :now, #expires = :expires REMOVE #lease",
        "#token = :token AND attribute_exists(#lease)",
        Map.of(
            "#token", "token",
            "#lease", "lease-until",
            "#expires", "expires-at",
            "#handled", "handled-at"),
        Map.of(
            ":token", fromS(token),
            ":now", number(now.toEpochMilli()),
            ":expires", number(now.plus(RETENTION).getEpochSecond())),
        ReturnValue.NONE);
  }

  private void update(
      RawEvent event,
      String change,
      String condition,
      Map<String, String> names,
      Map<String, AttributeValue> values,
      ReturnValue wanted) {
    dynamoDb.updateItem(it ->
        it.tableName(handledTable)
            .key(Map.of("event", fromS(event.detailType() + "#" + event.key())))
            .updateExpression(change)
            .conditionExpression(condition)
            .expressionAttributeNames(names)
            .expressionAttributeValues(values)
            .returnValues(wanted)
            .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD));
  }

  private void delete(List<Message> messages) {
    var entries =
        IntStream.range(0, messages.size())
            .mapToObj(i ->
                DeleteMessageBatchRequestEntry.builder()
                    .id(Integer.toString(i))
                    .receiptHandle(messages.get(i).receiptHandle())
                    .build())
            .toList();
    sqs.deleteMessageBatch(it -> it.queueUrl(queueUrl).entries(entries));
  }

  private static AttributeValue number(long value) {
    return fromN(Long.toString(value));
  }
}
