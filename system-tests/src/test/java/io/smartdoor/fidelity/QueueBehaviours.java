package io.smartdoor.fidelity;

import static io.smartdoor.fidelity.Behaviour.byDocumentationOnly;
import static io.smartdoor.fidelity.Behaviour.expect;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/** SQS. */
final class QueueBehaviours {

  private static final String GUIDE =
      "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/";
  private static final String API =
      "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/";

  private static final Duration SOON = Duration.ofSeconds(5);
  private static final Map<QueueAttributeName, String> IMPATIENT =
      Map.of(QueueAttributeName.VISIBILITY_TIMEOUT, "1");

  private QueueBehaviours() {}

  static List<Behaviour> all() {
    return List.of(
        Behaviour.of(
            "Receive: visibility timeout passes",
            "the message is delivered again, and counted",
            GUIDE + "sqs-visibility-timeout.html",
            "what a crash left is taken up again",
            QueueBehaviours::redelivery),
        Behaviour.of(
            "Receive: more than maxReceiveCount times",
            "the message moves to the dead-letter queue",
            GUIDE + "sqs-dead-letter-queues.html",
            "the backstop behind the claim's own count",
            QueueBehaviours::redrivePolicy),
        Behaviour.of(
            "Delete: receipt handle of an earlier receive",
            "of a standard queue: may not delete; the latest is to be used",
            API + "API_DeleteMessage.html",
            "nothing: what is not deleted is found handled",
            QueueBehaviours::supersededHandle),
        Behaviour.of(
            "Delete: twice",
            "succeeds twice",
            API + "API_DeleteMessage.html",
            "an acknowledgement can be repeated",
            QueueBehaviours::deletedTwice),
        Behaviour.of(
            "DeleteMessageBatch: one handle of two is wrong",
            "fails that entry alone",
            API + "API_DeleteMessageBatch.html",
            "acknowledgements in tens",
            QueueBehaviours::batchFailsInPart),
        Behaviour.of(
            "Send: more than 1 MiB",
            "refused",
            GUIDE + "quotas-messages.html",
            "nothing: events have a kilobyte",
            QueueBehaviours::tooLarge),
        Behaviour.of(
            "Send: characters that XML does not have",
            "refused with InvalidMessageContents",
            API + "API_SendMessage.html",
            "what the services write is cleaned before",
            QueueBehaviours::noXml),
        Behaviour.of(
            "Redrive: StartMessageMoveTask",
            "moves a dead-letter queue's messages back",
            API + "API_StartMessageMoveTask.html",
            "nothing: `./smartdoor dlq redrive` does without",
            QueueBehaviours::moveTask),
        byDocumentationOnly(
            "Receive: standard queue",
            "now and then delivers a message twice",
            GUIDE + "standard-queues-at-least-once-delivery.html",
            "subscribers deduplicate"),
        byDocumentationOnly(
            "ApproximateAgeOfOldestMessage: received three times or more, not deleted",
            "is left out: the metric is of the oldest message that was received less often",
            GUIDE + "sqs-available-cloudwatch-metrics.html",
            "alarm `Backlog`, with `Postponed` beside it for what is tried again and again"));
  }

  private static String redelivery(Lab lab) {
    var queue = lab.queue(IMPATIENT);
    lab.queues.sendMessage(it -> it.queueUrl(queue).messageBody("again"));
    lab.receive(queue, SOON);
    return lab.receive(queue, SOON)
        .map(it -> it.attributesAsStrings().getOrDefault("ApproximateReceiveCount", "none"))
        .map(count -> expect(count.equals("2"), "its receive count is " + count))
        .orElse("it does not come again");
  }

  private static String redrivePolicy(Lab lab) {
    var deadLetters = lab.queue();
    var queue = lab.queue(redriven(lab, deadLetters));
    lab.queues.sendMessage(it -> it.queueUrl(queue).messageBody("given up"));
    lab.receive(queue, SOON);
    lab.receive(queue, Duration.ofSeconds(2));
    return expect(lab.receive(deadLetters, SOON).isPresent(), "it stays");
  }

  private static Map<QueueAttributeName, String> redriven(Lab lab, String deadLetters) {
    return Lab.with(
        IMPATIENT,
        QueueAttributeName.REDRIVE_POLICY,
        "{\"deadLetterTargetArn\":\"%s\",\"maxReceiveCount\":1}".formatted(lab.arnOf(deadLetters)));
  }

  private static String supersededHandle(Lab lab) {
    var queue = lab.queue(IMPATIENT);
    lab.queues.sendMessage(it -> it.queueUrl(queue).messageBody("twice"));
    var first = lab.receive(queue, SOON).orElseThrow().receiptHandle();
    var _ = lab.receive(queue, SOON).orElseThrow();
    var error =
        Lab.errorOf(() -> lab.queues.deleteMessage(it -> it.queueUrl(queue).receiptHandle(first)));
    return error
        .map(it -> "refused: " + it)
        .orElseGet(
            () -> lab.receive(queue, Duration.ofSeconds(3)).isPresent() ? "yes" : "deletes it");
  }

  private static String deletedTwice(Lab lab) {
    var queue = lab.queue();
    lab.queues.sendMessage(it -> it.queueUrl(queue).messageBody("gone"));
    var handle = lab.receive(queue, SOON).orElseThrow().receiptHandle();
    lab.queues.deleteMessage(it -> it.queueUrl(queue).receiptHandle(handle));
    return Lab.errorOf(
            () -> lab.queues.deleteMessage(it -> it.queueUrl(queue).receiptHandle(handle)))
        .map(it -> "the second fails: " + it)
        .orElse(Behaviour.AS_DOCUMENTED);
  }

  private static String batchFailsInPart(Lab lab) {
    var queue = lab.queue();
    lab.queues.sendMessage(it -> it.queueUrl(queue).messageBody("one"));
    var handle = lab.receive(queue, SOON).orElseThrow().receiptHandle();
    try {
      var answer =
          lab.queues.deleteMessageBatch(it ->
              it.queueUrl(queue)
                  .entries(
                      DeleteMessageBatchRequestEntry.builder()
                          .id("a")
                          .receiptHandle(handle)
                          .build(),
                      DeleteMessageBatchRequestEntry.builder()
                          .id("b")
                          .receiptHandle("none")
                          .build()));
      return expect(
          answer.successful().size() == 1 && answer.failed().size() == 1,
          "%d succeed, %d fail".formatted(answer.successful().size(), answer.failed().size()));
    } catch (AwsServiceException e) {
      return "the whole call fails: " + e.awsErrorDetails().errorCode();
    }
  }

  private static String tooLarge(Lab lab) {
    var queue = lab.queue();
    var body = "x".repeat(1024 * 1024 + 1);
    return expect(
        Lab.errorOf(() -> lab.queues.sendMessage(it -> it.queueUrl(queue).messageBody(body)))
            .isPresent(),
        "accepted");
  }

  private static String noXml(Lab lab) {
    var queue = lab.queue();
    var error =
        Lab.errorOf(() -> lab.queues.sendMessage(it -> it.queueUrl(queue).messageBody("\u0000")));
    return expect(error.isPresent(), "accepted");
  }

  private static String moveTask(Lab lab) {
    var deadLetters = lab.queue();
    var queue = lab.queue(redriven(lab, deadLetters));
    lab.queues.sendMessage(it -> it.queueUrl(deadLetters).messageBody("back"));
    var error =
        Lab.errorOf(() ->
            lab.queues.startMessageMoveTask(
                it -> it.sourceArn(lab.arnOf(deadLetters)).destinationArn(lab.arnOf(queue))));
    return error
        .map(it -> "refused: " + it)
        .orElseGet(() -> expect(lab.receive(queue, SOON).isPresent(), "nothing moves"));
  }
}
