package io.smartdoor.proof;

import io.smartdoor.events.DetailType;
import io.smartdoor.events.IdempotencyKey;
import io.smartdoor.infra.testing.LocalAws;
import io.smartdoor.proof.Findings.DeadLetter;
import io.smartdoor.proof.Findings.EventName;
import io.smartdoor.proof.Findings.Execution;
import io.smartdoor.proof.Findings.Handling;
import io.smartdoor.proof.Findings.InboxEntry;
import io.smartdoor.proof.Findings.OutboxItem;
import io.smartdoor.proof.Findings.Placement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.sfn.SfnClient;
import software.amazon.awssdk.services.sfn.model.ExecutionStatus;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** Looks at AWS itself, past services and proxy. Leaves everything as it was. */
final class Observer implements AutoCloseable {

  /** Where dead letters that no consumer wrote come from: SQS itself gave the message up. */
  private static final String BY_THE_QUEUE = "too-many-receives";

  /** Attributes with which EventBridge says why a rule's target got nothing. */
  private static final String BY_THE_RULE = "ERROR_CODE";

  /** Seconds, for the dead letters of one queue. */
  private static final int LONGEST_READ = 60;

  private static final List<String> CONSUMERS =
      List.of(Checker.NOTIFICATION, Checker.IDENTIFICATION);

  private final LocalAws aws;
  private final Clock clock;
  private final DynamoDbClient tables;
  private final SqsClient queues;
  private final SfnClient workflows;

  Observer(LocalAws aws, Clock clock) {
    this.aws = aws;
    this.clock = clock;
    this.tables = configured(DynamoDbClient.builder(), aws).build();
    this.queues = configured(SqsClient.builder(), aws).build();
    this.workflows = configured(SfnClient.builder(), aws).build();
  }

  /**
   * What still moves, if anything. Looks along the way that an event takes, so that nothing slips
   * from what is yet to be looked at to what was looked at already.
   */
  Optional<String> unrest() {
    return Stream.<Supplier<Optional<String>>>of(
            () -> pendingKeys().findFirst().map(it -> it + " is not on the bus"),
            () -> unrestAt(Checker.IDENTIFICATION),
            () ->
                executions().stream()
                    .filter(it -> it.status().equals(ExecutionStatus.RUNNING.toString()))
                    .findFirst()
                    .map(it -> "execution " + it.name() + " runs"),
            () -> unrestAt(Checker.NOTIFICATION))
        .map(Supplier::get)
        .flatMap(Optional::stream)
        .findFirst();
  }

  /**
   * Waits until nothing moves any more.
   *
   * @param pauseMillis from one look to the next; where there is much, a look takes long itself
   * @return what still does when the limit has passed
   */
  Optional<String> settle(Duration limit, long pauseMillis) throws InterruptedException {
    var end = System.nanoTime() + limit.toNanos();
    var unrest = unrest();
    while (unrest.isPresent() && System.nanoTime() < end) {
      TimeUnit.MILLISECONDS.sleep(pauseMillis);
      unrest = unrest();
    }
    return unrest;
  }

  private Optional<String> unrestAt(String subscriber) {
    var waiting = waiting(aws.output(subscriber, "Queue"));
    if (waiting > 0) {
      return Optional.of("%d messages for %s".formatted(waiting, subscriber));
    }
    var now = clock.instant();
    return handlings(subscriber).stream()
        .filter(it -> !it.done() && it.leasedUntil().filter(now::isBefore).isPresent())
        .findFirst()
        .map(it -> "%s is at %s".formatted(subscriber, it.event()));
  }

  /**
   * All that there is.
   *
   * @param placements as they were watched, where they were
   */
  Findings findings(Optional<List<Placement>> placements) {
    var inboxTable = scan(aws.output("notification", "InboxTable"));
    var waiting = new LinkedHashMap<String, Integer>();
    CONSUMERS.forEach(it -> waiting.put(it, waiting(aws.output(it, "Queue"))));
    return new Findings(
        scan(aws.output("lock", "OutboxTable")).stream().map(Observer::outboxItem).toList(),
        CONSUMERS.stream().flatMap(it -> handlings(it).stream()).toList(),
        executions(),
        placements,
        inboxTable.stream().filter(isCounter().negate()).map(Observer::entry).toList(),
        counters(inboxTable),
        waiting,
        CONSUMERS.stream()
            .flatMap(it ->
                Stream.of("DeadLetterQueue", "RuleDeadLetterQueue")
                    .flatMap(queue -> deadLetters(it, aws.output(it, queue)).stream()))
            .toList());
  }

  private Stream<String> pendingKeys() {
    return scan(aws.output("lock", "OutboxTable")).stream()
        .map(Observer::outboxItem)
        .filter(it -> it.pending() && it.parked().isEmpty())
        .map(it -> it.key().toString());
  }

  private static OutboxItem outboxItem(Map<String, AttributeValue> item) {
    return new OutboxItem(
        IdempotencyKey.of(text(item, "idempotency-key")),
        item.containsKey("pending-shard"),
        Optional.ofNullable(item.get("parked-code")).map(AttributeValue::s));
  }

  private List<Handling> handlings(String subscriber) {
    return scan(aws.output(subscriber, "HandledTable")).stream()
        .map(item -> {
          var name = text(item, "event");
          var hash = name.lastIndexOf('#');
          return new Handling(
              subscriber,
              new EventName(name.substring(0, hash), IdempotencyKey.of(name.substring(hash + 1))),
              item.containsKey("handled-at"),
              Optional.ofNullable(item.get("lease-until"))
                  .map(it -> Instant.ofEpochMilli(Long.parseLong(it.n()))));
        })
        .toList();
  }

  private List<Execution> executions() {
    var arn = aws.output("identification", "StateMachineArn");
    return workflows.listExecutionsPaginator(it -> it.stateMachineArn(arn)).executions().stream()
        .map(it -> new Execution(it.name(), it.statusAsString()))
        .toList();
  }

  private static Predicate<Map<String, AttributeValue>> isCounter() {
    return item -> text(item, "item").equals("seq");
  }

  private static InboxEntry entry(Map<String, AttributeValue> item) {
    return new InboxEntry(
        text(item, "recipient"),
        IdempotencyKey.of(text(item, "item")),
        new EventName(text(item, "detail-type"), IdempotencyKey.of(text(item, "idempotency-key"))),
        Optional.ofNullable(item.get("door-id")).map(AttributeValue::s).orElse(""),
        number(item, "seq"));
  }

  private static Map<String, Long> counters(List<Map<String, AttributeValue>> inboxTable) {
    var counters = new LinkedHashMap<String, Long>();
    inboxTable.stream()
        .filter(isCounter())
        .forEach(it -> counters.put(text(it, "recipient"), number(it, "last")));
    return counters;
  }

  private int waiting(String queue) {
    var url = queues.getQueueUrl(it -> it.queueName(queue)).queueUrl();
    return queues
        .getQueueAttributes(it ->
            it.queueUrl(url)
                .attributeNames(
                    QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES,
                    QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE,
                    QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_DELAYED))
        .attributes()
        .values()
        .stream()
        .mapToInt(Integer::parseInt)
        .sum();
  }

  /** Hides what it has read until it has read everything, and shows it again then. */
  private List<DeadLetter> deadLetters(String subscriber, String queue) {
    var url = queues.getQueueUrl(it -> it.queueName(queue)).queueUrl();
    var letters = new ArrayList<DeadLetter>();
    var hidden = new ArrayList<String>();
    List<Message> read;
    do {
      read =
          queues
              .receiveMessage(it ->
                  it.queueUrl(url)
                      .maxNumberOfMessages(10)
                      .visibilityTimeout(LONGEST_READ)
                      .messageAttributeNames("All")
                      .messageSystemAttributeNames(
                          MessageSystemAttributeName.DEAD_LETTER_QUEUE_SOURCE_ARN))
              .messages();
      for (var message : read) {
        letters.add(deadLetter(subscriber, queue, message));
        hidden.add(message.receiptHandle());
      }
    } while (!read.isEmpty());
    hidden.forEach(handle ->
        queues.changeMessageVisibility(
            it -> it.queueUrl(url).receiptHandle(handle).visibilityTimeout(0)));
    return letters;
  }

  private static DeadLetter deadLetter(String subscriber, String queue, Message message) {
    var attributes = message.messageAttributes();
    var reason =
        Stream.of("reason", BY_THE_RULE)
            .map(attributes::get)
            .filter(Objects::nonNull)
            .map(MessageAttributeValue::stringValue)
            .findFirst();
    return new DeadLetter(
        queue,
        subscriber,
        eventIn(message.body()),
        reason.or(() -> givenUpBySqs(message)),
        Poison.markerIn(message.body()));
  }

  /** Only where SQS itself has moved a message, does it say from where. */
  private static Optional<String> givenUpBySqs(Message message) {
    var source = message.attributes().get(MessageSystemAttributeName.DEAD_LETTER_QUEUE_SOURCE_ARN);
    return Optional.ofNullable(source).map(_ -> BY_THE_QUEUE);
  }

  private static Optional<EventName> eventIn(String body) {
    try {
      var envelope = JsonMapper.shared().readTree(body);
      var key = envelope.at("/detail/metadata/idempotency-key").stringValue("");
      return IdempotencyKey.isValid(key)
          ? Optional.of(
              new EventName(
                  envelope.path("detail-type").stringValue(DetailType.DOOR_STATUS.text()),
                  IdempotencyKey.of(key)))
          : Optional.empty();
    } catch (JacksonException e) {
      return Optional.empty();
    }
  }

  private List<Map<String, AttributeValue>> scan(String table) {
    return tables.scanPaginator(it -> it.tableName(table).consistentRead(true)).items().stream()
        .toList();
  }

  private static String text(Map<String, AttributeValue> item, String attribute) {
    return required(item, attribute).s();
  }

  private static long number(Map<String, AttributeValue> item, String attribute) {
    return Long.parseLong(required(item, attribute).n());
  }

  private static AttributeValue required(Map<String, AttributeValue> item, String attribute) {
    var value = item.get(attribute);
    if (value == null) {
      throw new IllegalStateException(
          "expected an item with %s, found %s".formatted(attribute, item));
    }
    return value;
  }

  static <B extends AwsSyncClientBuilder<B, ?> & AwsClientBuilder<B, ?>> B configured(
      B builder, LocalAws aws) {
    return builder
        .endpointOverride(aws.endpoint())
        .region(Region.of(aws.region()))
        .credentialsProvider(
            StaticCredentialsProvider.create(
                AwsBasicCredentials.create(aws.accessKeyId(), aws.secretAccessKey())))
        .httpClientBuilder(Apache5HttpClient.builder());
  }

  @Override
  public void close() {
    tables.close();
    queues.close();
    workflows.close();
  }
}
