package io.smartdoor.faults;

import static io.smartdoor.faults.ProxyFixture.PATIENCE;
import static io.smartdoor.faults.ProxyFixture.nameOf;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smartdoor.faults.Fault.AlterAnswer;
import io.smartdoor.faults.Fault.CutConnection;
import io.smartdoor.faults.Fault.DeleteOnReceive;
import io.smartdoor.faults.Fault.DuplicateDelivery;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import software.amazon.awssdk.services.sqs.model.QueueDoesNotExistException;
import tools.jackson.databind.node.ObjectNode;

/** Faults of SQS's own. */
class QueueFaultsTest {

  private static final Match DELIVERIES = Match.of(AwsOperation.RECEIVE_MESSAGE).delivering();

  private final ProxyFixture fixture = new ProxyFixture();
  private final SqsClient queues = fixture.caller.queues();
  private final String queue = fixture.newQueue();

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void deliversAMessageTwiceWithoutLettingTheSecondPollWait() {
    var rule = duplicating(Redelivery.SAME_MESSAGE);
    send("opened");

    var first = receive(10, 0);
    assertThat(rule.fired()).isZero();
    var second = receive(10, 20);

    assertThat(first).map(Message::body).containsExactly("opened");
    assertThat(second).isEqualTo(first);
    assertThat(rule.fired()).isEqualTo(1);
    assertThat(fixture.proxy.calls().all().getLast().took()).isLessThan(PATIENCE.dividedBy(2));
    assertThat(receive(10, 0)).as("a third time").isEmpty();
  }

  @Test
  void deliversASecondTimeToWhoeverPollsThatQueueNext() {
    duplicating(Redelivery.SAME_MESSAGE);
    send("opened");
    receive(10, 0);

    try (var other = fixture.clientsOf(new Caller("lock", 2))) {
      var elsewhere = fixture.newQueue();
      assertThat(other.queues().receiveMessage(it -> it.queueUrl(elsewhere)).messages()).isEmpty();
      assertThat(other.queues().receiveMessage(it -> it.queueUrl(queue)).messages())
          .map(Message::body)
          .containsExactly("opened");
    }
  }

  @Test
  void neverDeliversMoreAtOnceThanAskedFor() {
    var rule = duplicating(Redelivery.SAME_MESSAGE);
    List.of("1", "2", "3").forEach(this::send);
    assertThat(receive(10, 0)).hasSize(3);
    send("4");

    assertThat(receive(2, 0)).hasSize(2);
    assertThat(receive(2, 0)).map(Message::body).contains("4").hasSize(2);

    assertThat(rule.fired()).isEqualTo(3);
  }

  @Test
  void keepsASecondDeliveryForLaterWhereAwsRefusesThePoll() {
    var rule = duplicating(Redelivery.SAME_MESSAGE);
    send("opened");
    receive(10, 0);
    fixture.observer.queues().deleteQueue(it -> it.queueUrl(queue));
    assertThatThrownBy(() -> receive(10, 0)).isInstanceOf(QueueDoesNotExistException.class);
    assertThat(rule.fired()).isZero();

    fixture.observer.queues().createQueue(it -> it.queueName(nameOf(queue)));

    assertThat(receive(10, 0)).map(Message::body).containsExactly("opened");
    assertThat(rule.fired()).isEqualTo(1);
  }

  @Test
  void putsACopyOfAMessageOnItsQueueOnce() {
    var rule = duplicating(Redelivery.COPY);
    queues.sendMessage(it ->
        it.queueUrl(queue).messageBody("opened").messageAttributes(Map.of("reason", text("late"))));

    var first = receive(10, 0).getFirst();
    assertThat(rule.fired()).isEqualTo(1);
    var second = receive(10, 0).getFirst();

    assertThat(second.messageId()).isNotEqualTo(first.messageId());
    assertThat(second.receiptHandle()).isNotEqualTo(first.receiptHandle());
    assertThat(second.body()).isEqualTo(first.body());
    assertThat(second.messageAttributes()).isEqualTo(first.messageAttributes());
    assertThat(receive(10, 0)).as("a copy of the copy").isEmpty();
    assertThat(rule.fired()).isEqualTo(1);
  }

  @Test
  void countsOnlyDeliveriesWhereTheRuleSaysSo() {
    var rule =
        fixture.proxy.inject(
            new CutConnection(Moment.AFTER_AWS), DELIVERIES.on(nameOf(queue)), Times.nth(2));

    assertThat(receive(10, 0)).isEmpty();
    send("1");
    assertThat(receive(10, 0)).hasSize(1);
    assertThat(receive(10, 0)).isEmpty();
    send("2");

    assertThatThrownBy(() -> receive(10, 0)).isInstanceOf(SdkClientException.class);
    assertThat(rule.matched()).isEqualTo(2);
    assertThat(rule.fired()).isEqualTo(1);
  }

  @Test
  void deletesWhatIsReceivedBeforeItsReceiverHasIt() {
    var rule = fixture.proxy.inject(new DeleteOnReceive(), DELIVERIES, Times.always());
    send("1");
    send("2");

    assertThat(receive(10, 0)).hasSize(2);

    assertThat(rule.fired()).isEqualTo(1);
    var left =
        fixture
            .observer
            .queues()
            .getQueueAttributes(it -> it.queueUrl(queue).attributeNames(QueueAttributeName.ALL))
            .attributes();
    assertThat(left)
        .containsEntry(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES, "0")
        .containsEntry(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE, "0");
  }

  @Test
  void deletesWhatIsDeliveredOnceMoreWhenItIsGone() {
    fixture.proxy.inject(
        new DuplicateDelivery(Redelivery.SAME_MESSAGE), DELIVERIES, Times.always());
    var rule = fixture.proxy.inject(new DeleteOnReceive(), DELIVERIES, Times.always());
    send("1");

    assertThat(receive(1, 0)).hasSize(1);
    assertThat(receive(1, 0)).hasSize(1);

    assertThat(rule.fired()).isEqualTo(2);
  }

  @Test
  void altersMessagesSoThatTheSdkTakesThemAndWouldNotTakeThemWithoutTheRightDigests() {
    fixture.proxy.inject(new AlterAnswer(it -> it.withJson(changed(it))), DELIVERIES, Times.once());
    queues.sendMessage(it ->
        it.queueUrl(queue)
            .messageBody("opened")
            .messageAttributes(
                Map.of(
                    "reason", text("late"),
                    "bytes",
                        MessageAttributeValue.builder()
                            .dataType("Binary")
                            .binaryValue(SdkBytes.fromUtf8String("x"))
                            .build())));

    var message = receive(10, 0).getFirst();

    assertThat(message.body()).isEqualTo("changed ä");
    assertThat(message.messageAttributes()).containsEntry("reason", text("changed"));
    send("opened");
    fixture.proxy.inject(
        new AlterAnswer(QueueFaultsTest::changedBehindTheDigest), DELIVERIES, Times.once());
    assertThatThrownBy(() -> receive(10, 0))
        .isInstanceOf(SdkClientException.class)
        .hasMessageContaining("MD5");
  }

  private Rule duplicating(Redelivery how) {
    return fixture.proxy.inject(new DuplicateDelivery(how), DELIVERIES, Times.always());
  }

  private void send(String body) {
    fixture.observer.queues().sendMessage(it -> it.queueUrl(queue).messageBody(body));
  }

  private List<Message> receive(int most, int seconds) {
    return queues
        .receiveMessage(it ->
            it.queueUrl(queue)
                .maxNumberOfMessages(most)
                .waitTimeSeconds(seconds)
                .messageAttributeNames("All"))
        .messages();
  }

  private static MessageAttributeValue text(String value) {
    return MessageAttributeValue.builder().dataType("String").stringValue(value).build();
  }

  private static ObjectNode changed(AwsAnswer answer) {
    var body = answer.json().asObject();
    var message = body.withArray("Messages").get(0).asObject();
    message.put("Body", "changed ä");
    message.withObject("/MessageAttributes/reason").put("StringValue", "changed");
    return body;
  }

  /** Same length, another text, and the digest as it was. */
  private static AwsAnswer changedBehindTheDigest(AwsAnswer answer) {
    var response = answer.response();
    var text = new String(response.body(), UTF_8);
    var other = text.replace("\"opened\"", "\"closed\"");
    return new AwsAnswer(AwsService.SQS, response.withBody(other.getBytes(UTF_8)));
  }
}
