package io.smartdoor.faults;

import io.smartdoor.infra.testing.LocalAws;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.GlobalSecondaryIndex;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ProjectionType;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;
import software.amazon.awssdk.services.sqs.SqsClient;

/** A proxy before the emulator, a caller behind it, and somebody who looks at AWS directly. */
final class ProxyFixture implements AutoCloseable {

  static final Duration PATIENCE = Duration.ofSeconds(20);
  static final Caller LOCK = Caller.of("lock");

  private static final LocalAws AWS = LocalAws.withStacks();

  final FaultProxy proxy = FaultProxy.to(AWS.endpoint());

  /** The caller's clients; each call is tried once. */
  final Clients caller = Clients.at(proxy.endpointFor(LOCK), AWS);

  /** The same caller's, which repeat what fails. */
  final Clients retryingCaller = Clients.retryingAt(proxy.endpointFor(LOCK), AWS);

  /** Past the proxy. */
  final Clients observer = Clients.at(AWS.endpoint(), AWS);

  LocalAws aws() {
    return AWS;
  }

  Clients clientsOf(Caller other) {
    return Clients.at(proxy.endpointFor(other), AWS);
  }

  static String newName(String what) {
    return what + "-" + UUID.randomUUID();
  }

  /** A new table with key {@code id} and an index {@code pending} over {@code shard}. */
  String newTable() {
    var name = newName("doors");
    DynamoDbClient tables = observer.tables();
    tables.createTable(it ->
        it.tableName(name)
            .billingMode(BillingMode.PAY_PER_REQUEST)
            .attributeDefinitions(text("id"), text("shard"))
            .keySchema(key("id"))
            .globalSecondaryIndexes(
                GlobalSecondaryIndex.builder()
                    .indexName("pending")
                    .keySchema(key("shard"))
                    .projection(all -> all.projectionType(ProjectionType.ALL))
                    .build()));
    return name;
  }

  /** A new queue's URL. */
  String newQueue() {
    SqsClient queues = observer.queues();
    return queues.createQueue(it -> it.queueName(newName("openings"))).queueUrl();
  }

  static String nameOf(String queueUrl) {
    return queueUrl.substring(queueUrl.lastIndexOf('/') + 1);
  }

  static Map<String, AttributeValue> door(String id) {
    return Map.of("id", AttributeValue.fromS(id));
  }

  static Map<String, AttributeValue> door(String id, String name) {
    return Map.of("id", AttributeValue.fromS(id), "name", AttributeValue.fromS(name));
  }

  @Override
  public void close() {
    caller.close();
    retryingCaller.close();
    observer.close();
    proxy.close();
  }

  private static AttributeDefinition text(String name) {
    return AttributeDefinition.builder()
        .attributeName(name)
        .attributeType(ScalarAttributeType.S)
        .build();
  }

  private static KeySchemaElement key(String name) {
    return KeySchemaElement.builder().attributeName(name).keyType(KeyType.HASH).build();
  }
}
