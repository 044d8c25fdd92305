package io.smartdoor.messaging.consuming;

import io.awspring.cloud.sqs.listener.AsyncMessageListener;
import io.awspring.cloud.sqs.listener.MessageListenerContainer;
import io.awspring.cloud.sqs.listener.QueueNotFoundStrategy;
import io.awspring.cloud.sqs.listener.SqsContainerOptions;
import io.awspring.cloud.sqs.listener.SqsHeaders;
import io.awspring.cloud.sqs.listener.SqsMessageListenerContainer;
import io.awspring.cloud.sqs.listener.acknowledgement.handler.AcknowledgementMode;
import io.awspring.cloud.sqs.support.converter.MessagingMessageConverter;
import io.smartdoor.messaging.MessagingProperties;
import io.smartdoor.messaging.consuming.SqsDelivery.QueueUrls;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.springframework.core.task.VirtualThreadTaskExecutor;
import org.springframework.messaging.support.GenericMessage;
import software.amazon.awssdk.services.sqs.SqsAsyncClient;
import software.amazon.awssdk.services.sqs.model.Message;

/**
 * Hands each message of a queue to its consumer, on a virtual thread of its own.
 *
 * <p>Of Spring Cloud AWS's container this uses polling, back pressure and stopping. Conversion and
 * acknowledgement are the consumer's: nothing is acknowledged because a listener returned, and no
 * acknowledgement waits in a buffer while the application stops.
 */
final class QueueListener implements AsyncMessageListener<Message> {

  /**
   * How long the container waits for ten free places before it polls for as many as there are. Its
   * own default of 10 s would leave nine places idle for that long beside slow handlers.
   */
  private static final Duration WAIT_FOR_PLACES = Duration.ofMillis(500);

  private final SqsAsyncClient sqs;
  private final QueueUrls queues;
  private final QueueConsumer<?> consumer;

  private QueueListener(SqsAsyncClient sqs, QueueUrls queues, QueueConsumer<?> consumer) {
    this.sqs = sqs;
    this.queues = queues;
    this.consumer = consumer;
  }

  /**
   * A container, not yet started, that polls {@code subscription}'s queue.
   *
   * @throws java.util.concurrent.CompletionException where one of its queues does not exist
   */
  static MessageListenerContainer<Message> container(
      SqsAsyncClient sqs,
      Subscription<?> subscription,
      QueueConsumer<?> consumer,
      MessagingProperties properties) {
    var queues =
        new QueueUrls(urlOf(sqs, subscription.queue()), urlOf(sqs, subscription.deadLetterQueue()));
    var options =
        SqsContainerOptions.builder()
            .queueNotFoundStrategy(QueueNotFoundStrategy.FAIL)
            .acknowledgementMode(AcknowledgementMode.MANUAL)
            .messageConverter(new Untouched(subscription.queue()))
            .maxConcurrentMessages(properties.inFlight())
            .maxMessagesPerPoll(Math.min(10, properties.inFlight()))
            .maxDelayBetweenPolls(WAIT_FOR_PLACES)
            .pollTimeout(properties.pollTimeout())
            .listenerShutdownTimeout(properties.drainTimeout())
            .componentsTaskExecutor(new VirtualThreadTaskExecutor(subscription.name() + "-"))
            .build();
    var container = new SqsMessageListenerContainer<Message>(sqs, options);
    container.setId(subscription.name());
    container.setQueueNames(List.of(subscription.queue()));
    container.setAsyncMessageListener(new QueueListener(sqs, queues, consumer));
    return container;
  }

  /** What it throws leaves the message on the queue; the container logs it. */
  @Override
  public CompletableFuture<Void> onMessage(org.springframework.messaging.Message<Message> message) {
    consumer.receive(new SqsDelivery(sqs, queues, message.getPayload()));
    return CompletableFuture.completedFuture(null);
  }

  private static String urlOf(SqsAsyncClient sqs, String queue) {
    return sqs.getQueueUrl(request -> request.queueName(queue)).join().queueUrl();
  }

  /**
   * SQS's message as it is: the container's own converter trusts a class named in an attribute. The
   * container itself wants to know the queue's name of each.
   */
  private record Untouched(String queue) implements MessagingMessageConverter<Message> {

    @Override
    public org.springframework.messaging.Message<?> toMessagingMessage(Message source) {
      return new GenericMessage<>(source, Map.of(SqsHeaders.SQS_QUEUE_NAME_HEADER, queue));
    }

    @Override
    public Message fromMessagingMessage(org.springframework.messaging.Message<?> message) {
      throw new UnsupportedOperationException("this converter only receives");
    }
  }
}
