package io.smartdoor.messaging.consuming;

import static org.assertj.core.api.Assertions.assertThat;
import static software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName.APPROXIMATE_RECEIVE_COUNT;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityRequest;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityResponse;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;
import software.amazon.awssdk.services.sqs.model.SendMessageRequest;
import software.amazon.awssdk.services.sqs.model.SendMessageResponse;

class SqsDeliveryTest {

  private final List<ChangeMessageVisibilityRequest> hidden = new ArrayList<>();
  private final List<SendMessageRequest> sent = new ArrayList<>();
  private final List<String> gone = new ArrayList<>();
  private final Acknowledgements acknowledgements =
      new Acknowledgements(
          receipts -> {
            gone.addAll(receipts);
            return Map.of();
          },
          new Acknowledgements.Manners(10, Duration.ZERO, Duration.ofMinutes(1)),
          () -> 0);

  private final SqsClient sqs =
      new SqsClient() {
        @Override
        public ChangeMessageVisibilityResponse changeMessageVisibility(
            ChangeMessageVisibilityRequest request) {
          hidden.add(request);
          return ChangeMessageVisibilityResponse.builder().build();
        }

        @Override
        public SendMessageResponse sendMessage(SendMessageRequest request) {
          sent.add(request);
          return SendMessageResponse.builder().build();
        }

        @Override
        public String serviceName() {
          return SERVICE_NAME;
        }

        @Override
        public void close() {}
      };

  @Test
  void isWhatTheQueueDelivered() {
    assertThat(delivery("3").body()).isEqualTo("a body");
    assertThat(delivery("3").receives()).isEqualTo(3);
    assertThat(delivery("0").receives()).isEqualTo(1);
    assertThat(delivery(null).receives()).isEqualTo(1);
  }

  @Test
  void takesItsOwnMessageOffTheQueue() {
    delivery("1").acknowledge();

    assertThat(gone).containsExactly("a receipt");
  }

  @Test
  void hidesItsOwnMessage() {
    delivery("1").hideFor(Duration.ofSeconds(30));

    assertThat(hidden)
        .singleElement()
        .satisfies(it -> {
          assertThat(it.queueUrl()).isEqualTo("queue");
          assertThat(it.receiptHandle()).isEqualTo("a receipt");
          assertThat(it.visibilityTimeout()).isEqualTo(30);
        });
  }

  @Test
  void tellsTheDeadLettersWhy() {
    delivery("1")
        .sendToDeadLetters(
            new DeadLetter(
                "notification",
                "phone-gone",
                "no\nphone",
                Instant.parse("2026-01-31T12:00:00.408833377Z")));

    assertThat(sent)
        .singleElement()
        .satisfies(it -> {
          assertThat(it.queueUrl()).isEqualTo("dead letters");
          assertThat(it.messageBody()).isEqualTo("a body");
          assertThat(it.messageAttributes())
              .containsExactlyInAnyOrderEntriesOf(
                  Map.of(
                      "reason", text("phone-gone"),
                      "explanation", text("no phone"),
                      "subscriber", text("notification"),
                      "rejected-at", text("2026-01-31T12:00:00.408Z")));
        });
  }

  private static MessageAttributeValue text(String value) {
    return MessageAttributeValue.builder().dataType("String").stringValue(value).build();
  }

  private SqsDelivery delivery(@Nullable String receives) {
    var message = Message.builder().body("a body").receiptHandle("a receipt");
    if (receives != null) {
      message.attributes(Map.of(APPROXIMATE_RECEIVE_COUNT, receives));
    }
    return new SqsDelivery(sqs, "queue", "dead letters", acknowledgements, message.build());
  }

  @ParameterizedTest
  @CsvSource({
    "PT-1S, 0",
    "PT0S, 0",
    "PT0.001S, 1",
    "PT1S, 1",
    "PT1.5S, 2",
    "PT11H59M, 43140",
    "P30D, 43140"
  })
  void hidesForWholeSecondsWithinWhatSqsAllows(Duration duration, int seconds) {
    assertThat(SqsDelivery.seconds(duration)).isEqualTo(seconds);
  }

  @Test
  void explainsInOneLineThatSqsTakes() {
    assertThat(SqsDelivery.oneLine("x".repeat(256))).isEqualTo("x".repeat(256));
    assertThat(SqsDelivery.oneLine("a\n\tb\u0000c")).isEqualTo("a b c");
    assertThat(SqsDelivery.oneLine("\u0007")).isEqualTo("-");
    assertThat(SqsDelivery.oneLine("x".repeat(1000))).hasSize(256);
  }
}
