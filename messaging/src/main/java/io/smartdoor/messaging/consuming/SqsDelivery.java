package io.smartdoor.messaging.consuming;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;

/** A message of SQS. Waits for each answer: made for virtual threads. */
record SqsDelivery(
    SqsClient sqs,
    String queueUrl,
    String deadLetterUrl,
    Acknowledgements acknowledgements,
    Message message)
    implements Delivery {

  /**
   * SQS hides a message for 12 hours at most, counted from when it was received, and refuses what
   * goes beyond. The minute is for the time since then.
   * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ChangeMessageVisibility.html
   */
  private static final Duration LONGEST = Duration.ofHours(12).minusMinutes(1);

  private static final int LONGEST_EXPLANATION = 256;

  @Override
  public String body() {
    return message.body();
  }

  @Override
  public int receives() {
    var count = message.attributes().get(MessageSystemAttributeName.APPROXIMATE_RECEIVE_COUNT);
    return count == null ? 1 : Math.max(1, Integer.parseInt(count));
  }

  @Override
  public void acknowledge() {
    acknowledgements.acknowledge(message.receiptHandle());
  }

  @Override
  public void hideFor(Duration duration) {
    sqs.changeMessageVisibility(request ->
        request
            .queueUrl(queueUrl)
            .receiptHandle(message.receiptHandle())
            .visibilityTimeout(seconds(duration)));
  }

  @Override
  public void sendToDeadLetters(DeadLetter letter) {
    sqs.sendMessage(request ->
        request
            .queueUrl(deadLetterUrl)
            .messageBody(message.body())
            .messageAttributes(
                Map.of(
                    "reason", text(letter.reason()),
                    "explanation", text(oneLine(letter.explanation())),
                    "subscriber", text(letter.subscriber()),
                    "rejected-at",
                        text(letter.rejectedAt().truncatedTo(ChronoUnit.MILLIS).toString()))));
  }

  /** {@code duration} as SQS takes it: whole seconds, rounded up, within its bounds. */
  static int seconds(Duration duration) {
    if (duration.isNegative()) {
      return 0;
    }
    var bounded = duration.compareTo(LONGEST) < 0 ? duration : LONGEST;
    return Math.toIntExact(bounded.plusNanos(999_999_999).toSeconds());
  }

  /** An attribute's value is XML text of at least one character. */
  static String oneLine(String explanation) {
    var line = explanation.replaceAll("[^\\x20-\\x7E]+", " ").strip();
    if (line.isEmpty()) {
      return "-";
    }
    return line.length() <= LONGEST_EXPLANATION ? line : line.substring(0, LONGEST_EXPLANATION);
  }

  private static MessageAttributeValue text(String value) {
    return MessageAttributeValue.builder().dataType("String").stringValue(value).build();
  }
}
