package io.smartdoor.messaging.consuming;

import io.smartdoor.messaging.AwsClients;
import io.smartdoor.messaging.MessagingProperties;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import software.amazon.awssdk.services.sqs.model.QueueDoesNotExistException;

/** A subscription's queue in SQS. Waits for each answer: made for virtual threads. */
final class SqsQueue implements Polls {

  /** Ten fill a call within it from 200 events a second on; a message is hidden for far longer. */
  private static final Duration COMPANY = Duration.ofMillis(50);

  /** A delete takes milliseconds; one that takes this long may hang. */
  private static final Duration PATIENCE = Duration.ofMillis(500);

  private final SqsClient sqs;
  private final String url;
  private final String deadLetterUrl;
  private final Duration visibility;
  private final AwsRequestOverrideConfiguration heldOpen;
  private final Acknowledgements acknowledgements;

  private SqsQueue(
      SqsClient sqs,
      String url,
      String deadLetterUrl,
      Duration visibility,
      MessagingProperties properties) {
    this.sqs = sqs;
    this.url = url;
    this.deadLetterUrl = deadLetterUrl;
    this.visibility = visibility;
    this.heldOpen = AwsClients.heldOpenFor(properties.pollTimeout());
    var most = Math.min(Acknowledgements.LARGEST_BATCH, properties.inFlight());
    this.acknowledgements =
        new Acknowledgements(
            this::delete, new Acknowledgements.Manners(most, COMPANY, PATIENCE), System::nanoTime);
  }

  /**
   * The queue of {@code subscription}. How long it hides what it delivers stands in the queue's own
   * stack alone, so the queue is asked.
   *
   * @throws IllegalStateException where one of the two queues does not exist
   */
  static SqsQueue of(SqsClient sqs, Subscription<?> subscription, MessagingProperties properties) {
    var url = urlOf(sqs, subscription.name(), subscription.queue());
    var deadLetterUrl = urlOf(sqs, subscription.name(), subscription.deadLetterQueue());
    var visibility =
        sqs.getQueueAttributes(request ->
                request.queueUrl(url).attributeNames(QueueAttributeName.VISIBILITY_TIMEOUT))
            .attributes()
            .getOrDefault(QueueAttributeName.VISIBILITY_TIMEOUT, "30");
    return new SqsQueue(
        sqs, url, deadLetterUrl, Duration.ofSeconds(Long.parseLong(visibility)), properties);
  }

  private static String urlOf(SqsClient sqs, String subscriber, String queue) {
    try {
      return sqs.getQueueUrl(request -> request.queueName(queue)).queueUrl();
    } catch (QueueDoesNotExistException e) {
      throw new IllegalStateException(
          "%s: expected a queue \"%s\", found none: deploy the subscriber's stack, or correct the name"
              .formatted(subscriber, queue),
          e);
    }
  }

  /** For how long the queue hides a message that it delivers. */
  Duration visibility() {
    return visibility;
  }

  @Override
  public List<Delivery> poll(int most, Duration wait) {
    var received =
        sqs.receiveMessage(request ->
            request
                .queueUrl(url)
                .maxNumberOfMessages(most)
                .waitTimeSeconds(Math.toIntExact(wait.toSeconds()))
                .messageSystemAttributeNames(MessageSystemAttributeName.APPROXIMATE_RECEIVE_COUNT)
                .overrideConfiguration(heldOpen));
    return received.messages().stream()
        .<Delivery>map(
            message -> new SqsDelivery(sqs, url, deadLetterUrl, acknowledgements, message))
        .toList();
  }

  private Map<String, String> delete(List<String> receipts) {
    var entries =
        IntStream.range(0, receipts.size())
            .mapToObj(number ->
                DeleteMessageBatchRequestEntry.builder()
                    .id(Integer.toString(number))
                    .receiptHandle(receipts.get(number))
                    .build())
            .toList();
    var answer = sqs.deleteMessageBatch(request -> request.queueUrl(url).entries(entries));
    var refused = new HashMap<String, String>();
    for (var failure : answer.failed()) {
      refused.put(receipts.get(Integer.parseInt(failure.id())), failure.code());
    }
    return refused;
  }
}
