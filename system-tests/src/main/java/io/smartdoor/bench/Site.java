package io.smartdoor.bench;

import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromS;

import io.smartdoor.infra.testing.LocalAws;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequestEntry;

/**
 * An account of the emulator with stacks in it: SmartDoor and its floor have one each, alike, and
 * so find the same tables, indexes, rules and queues.
 */
final class Site implements AutoCloseable {

  /** SQS's largest batch. */
  private static final int BATCH = 10;

  private static final List<QueueAttributeName> DEPTHS =
      List.of(
          QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES,
          QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE,
          QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_DELAYED);

  private final LocalAws aws;
  private final SqsClient sqs;
  private final DynamoDbClient dynamoDb;
  private final Clock clock;

  private Site(LocalAws aws, Clock clock) {
    this.aws = aws;
    this.clock = clock;
    var clients = new RawClients(aws.endpoint(), aws.region(), aws.account());
    this.sqs = clients.build(SqsClient.builder());
    this.dynamoDb = clients.build(DynamoDbClient.builder());
  }

  static Site with(Clock clock, String... stacks) {
    return new Site(LocalAws.inItsOwnAccount(Map.of(), stacks), clock);
  }

  LocalAws aws() {
    return aws;
  }

  /** How many messages a service's queue holds, whether or not anybody can receive them now. */
  int depth(String service) {
    return attributes(service).values().stream().mapToInt(Integer::parseInt).sum();
  }

  /** Whether anything of a queue was received or can be. */
  boolean isVisible(String service) {
    var attributes = attributes(service);
    return IntStream.of(0, 1)
        .mapToObj(i -> attributes.getOrDefault(DEPTHS.get(i), "0"))
        .anyMatch(it -> !it.equals("0"));
  }

  private Map<QueueAttributeName, String> attributes(String service) {
    return sqs.getQueueAttributes(it -> it.queueUrl(url(service)).attributeNames(DEPTHS))
        .attributes();
  }

  /** How many entries an inbox was given so far, by its counter. */
  long told(String recipient) {
    var counter =
        dynamoDb.getItem(it ->
            it.tableName(aws.output("notification", "InboxTable"))
                .key(Map.of("recipient", fromS(recipient), "item", fromS("seq")))
                .consistentRead(true));
    var last = counter.item().get("last");
    return last == null ? 0 : Long.parseLong(last.n());
  }

  void purge(String service) {
    sqs.purgeQueue(it -> it.queueUrl(url(service)));
  }

  /**
   * Puts openings of a door on a subscriber's queue. None can be received until all are there:
   * consumers run all the time, and would otherwise begin while the backlog builds up.
   *
   * @param hidden long enough to send them all, in whole seconds
   */
  void fill(String service, int count, Duration hidden) {
    var visible = clock.instant().plus(hidden);
    for (var sent = 0; sent < count; sent += BATCH) {
      var delay = (int) Math.ceilDiv(Duration.between(clock.instant(), visible).toMillis(), 1000L);
      var entries =
          IntStream.range(0, Math.min(BATCH, count - sent))
              .mapToObj(i -> message(i, Math.max(0, delay)))
              .toList();
      sqs.sendMessageBatch(it -> it.queueUrl(url(service)).entries(entries));
    }
  }

  private SendMessageBatchRequestEntry message(int id, int delay) {
    var opening = new Opening(UUID.randomUUID(), "front-door", now(), Opening.Who.SOMEBODY);
    return SendMessageBatchRequestEntry.builder()
        .id(Integer.toString(id))
        .delaySeconds(delay)
        .messageBody(opening.message())
        .build();
  }

  Instant now() {
    return clock.instant();
  }

  private String url(String service) {
    var name = aws.output(service, "Queue");
    return "%s/%s/%s".formatted(aws.endpoint(), aws.account(), name);
  }

  @Override
  public void close() {
    sqs.close();
    dynamoDb.close();
  }
}
