package io.smartdoor.lock;

import io.smartdoor.infra.testing.LocalAws;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.eventbridge.EventBridgeClient;
import software.amazon.awssdk.services.eventbridge.model.Target;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/** A queue on the bus, as any subscriber has one. */
final class Subscriber implements AutoCloseable {

  private final SqsClient sqs;
  private final String queue;

  Subscriber(LocalAws aws) {
    var name = "subscriber-" + UUID.randomUUID();
    sqs = configured(SqsClient.builder(), aws).build();
    queue = sqs.createQueue(it -> it.queueName(name)).queueUrl();
    var arn =
        sqs.getQueueAttributes(
                it -> it.queueUrl(queue).attributeNames(QueueAttributeName.QUEUE_ARN))
            .attributes()
            .get(QueueAttributeName.QUEUE_ARN);
    var bus = aws.output("bus", "Name");
    try (var events = configured(EventBridgeClient.builder(), aws).build()) {
      events.putRule(it ->
          it.name(name)
              .eventBusName(bus)
              .eventPattern("{\"source\": [\"SmartDoor\"], \"detail-type\": [\"Door Status\"]}"));
      events.putTargets(it ->
          it.rule(name).eventBusName(bus).targets(Target.builder().id("queue").arn(arn).build()));
    }
  }

  /** What has arrived since it was last asked. */
  List<String> received() {
    var received = new ArrayList<String>();
    List<Message> messages;
    do {
      messages = sqs.receiveMessage(it -> it.queueUrl(queue).maxNumberOfMessages(10)).messages();
      for (var message : messages) {
        received.add(message.body());
        sqs.deleteMessage(it -> it.queueUrl(queue).receiptHandle(message.receiptHandle()));
      }
    } while (!messages.isEmpty());
    return received;
  }

  @Override
  public void close() {
    sqs.deleteQueue(it -> it.queueUrl(queue));
    sqs.close();
  }

  private static <B extends AwsClientBuilder<B, ?>> B configured(B builder, LocalAws aws) {
    return builder
        .endpointOverride(aws.endpoint())
        .region(Region.of(aws.region()))
        .credentialsProvider(
            StaticCredentialsProvider.create(
                AwsBasicCredentials.create(aws.accessKeyId(), aws.secretAccessKey())));
  }
}
