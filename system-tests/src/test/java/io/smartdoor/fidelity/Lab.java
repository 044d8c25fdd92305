package io.smartdoor.fidelity;

import io.smartdoor.faults.Clients;
import io.smartdoor.infra.testing.LocalAws;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;
import software.amazon.awssdk.services.eventbridge.EventBridgeClient;
import software.amazon.awssdk.services.eventbridge.model.PutEventsRequestEntry;
import software.amazon.awssdk.services.eventbridge.model.PutEventsResultEntry;
import software.amazon.awssdk.services.eventbridge.model.Target;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.sfn.SfnClient;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import tools.jackson.databind.JsonNode;

/** An account of its own, and what probes make in it. Safe for use by several threads. */
final class Lab implements AutoCloseable {

  private static final long PAUSE_MILLIS = 100;

  private final LocalAws aws = LocalAws.inItsOwnAccount(Map.of());
  private final Clients clients = Clients.at(aws.endpoint(), aws);
  private final AtomicInteger names = new AtomicInteger();
  final DynamoDbClient tables = clients.tables();
  final S3Client buckets = clients.buckets();
  final SqsClient queues = clients.queues();
  final EventBridgeClient buses = clients.buses();
  final SfnClient workflows = clients.workflows();

  LocalAws aws() {
    return aws;
  }

  String bus() {
    return aws.output("bus", "Name");
  }

  String newName(String kind) {
    return "%s-%d".formatted(kind, names.incrementAndGet());
  }

  // Queues

  String queue(Map<QueueAttributeName, String> attributes) {
    return queues
        .createQueue(it -> it.queueName(newName("queue")).attributes(attributes))
        .queueUrl();
  }

  String queue() {
    return queue(Map.of());
  }

  String arnOf(String queue) {
    var arn =
        queues
            .getQueueAttributes(
                it -> it.queueUrl(queue).attributeNames(QueueAttributeName.QUEUE_ARN))
            .attributes()
            .get(QueueAttributeName.QUEUE_ARN);
    if (arn == null) {
      throw new IllegalStateException("a queue without an ARN: " + queue);
    }
    return arn;
  }

  /** The next message, where one comes within the time, in whole seconds up to 20. */
  Optional<Message> receive(String queue, Duration limit) {
    return queues
        .receiveMessage(it ->
            it.queueUrl(queue)
                .waitTimeSeconds(Math.toIntExact(limit.toSeconds()))
                .messageAttributeNames("All")
                .messageSystemAttributeNames(MessageSystemAttributeName.ALL))
        .messages()
        .stream()
        .findFirst();
  }

  // Events

  /** A rule on the bus; its queue gets what matches. */
  String rule(String pattern, String queue) {
    return rule(pattern, Target.builder().id("queue").arn(arnOf(queue)).build());
  }

  String rule(String pattern, Target target) {
    var name = newName("rule");
    buses.putRule(it -> it.name(name).eventBusName(bus()).eventPattern(pattern));
    buses.putTargets(it -> it.rule(name).eventBusName(bus()).targets(target));
    return name;
  }

  PutEventsResultEntry put(String detailType, String detail) {
    return buses
        .putEvents(it -> it.entries(entry(detailType, detail).build()))
        .entries()
        .getFirst();
  }

  PutEventsRequestEntry.Builder entry(String detailType, String detail) {
    return PutEventsRequestEntry.builder()
        .eventBusName(bus())
        .source("Lab")
        .detailType(detailType)
        .detail(detail);
  }

  // Tables

  /** A table whose partition key is {@code k}. */
  String table() {
    var name = newName("table");
    tables.createTable(it ->
        it.tableName(name)
            .billingMode(BillingMode.PAY_PER_REQUEST)
            .attributeDefinitions(
                AttributeDefinition.builder()
                    .attributeName("k")
                    .attributeType(ScalarAttributeType.S)
                    .build())
            .keySchema(
                KeySchemaElement.builder().attributeName("k").keyType(KeyType.HASH).build()));
    tables.waiter().waitUntilTableExists(it -> it.tableName(name));
    return name;
  }

  // Buckets

  /** A bucket whose name nobody else has: an emulator keeps those of all accounts in one place. */
  String bucket() {
    var name = "%s-%s".formatted(newName("bucket"), aws.account());
    buckets.createBucket(it ->
        it.bucket(name).createBucketConfiguration(how -> how.locationConstraint(aws.region())));
    return name;
  }

  // Workflows

  String workflow(String definition) {
    return workflows
        .createStateMachine(it ->
            it.name(newName("workflow"))
                .definition(definition)
                .roleArn("arn:aws:iam::%s:role/lab".formatted(aws.account())))
        .stateMachineArn();
  }

  String start(String workflow, String name, String input) {
    return workflows
        .startExecution(it -> it.stateMachineArn(workflow).name(name).input(input))
        .executionArn();
  }

  /** How an execution stands, once it has ended or the time has passed. */
  String status(String execution, Duration limit) throws InterruptedException {
    Supplier<String> status =
        () -> workflows.describeExecution(it -> it.executionArn(execution)).statusAsString();
    var end = System.nanoTime() + limit.toNanos();
    while (status.get().equals("RUNNING") && System.nanoTime() < end) {
      TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
    }
    return status.get();
  }

  /** The error that a call is answered with; empty where it succeeds. */
  static Optional<String> errorOf(Runnable call) {
    try {
      call.run();
      return Optional.empty();
    } catch (AwsServiceException e) {
      return Optional.of(e.awsErrorDetails().errorCode());
    }
  }

  static <K, V> Map<K, V> with(Map<K, V> map, K key, V value) {
    var all = new HashMap<>(map);
    all.put(key, value);
    return Map.copyOf(all);
  }

  static List<String> texts(JsonNode array) {
    return array.valueStream().map(it -> it.stringValue("")).toList();
  }

  @Override
  public void close() {
    clients.close();
  }
}
