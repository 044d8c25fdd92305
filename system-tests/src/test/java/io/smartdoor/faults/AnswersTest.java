package io.smartdoor.faults;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The documents that no client in these tests reads. */
class AnswersTest {

  @Test
  void refusesInTheXmlOfTheQueryProtocol() {
    var headers =
        Headers.none()
            .with("Content-Type", "application/x-www-form-urlencoded")
            .with("Authorization", "Credential=1/20260101/eu-central-1/sts/aws4_request");
    var body = "Action=GetCallerIdentity".getBytes(UTF_8);
    var call = CallReader.read(Caller.of("lock"), new HttpRequest("POST", "/", headers, body));

    var answer = Answers.refused(call, Answers.Refusal.THROTTLED);

    assertThat(answer.status()).isEqualTo(400);
    assertThat(new String(answer.response().body(), UTF_8))
        .isEqualTo(
            "<ErrorResponse><Error><Type>Sender</Type><Code>Throttling</Code>"
                + "<Message>Rate exceeded</Message></Error>"
                + "<RequestId>answered-by-the-fault-proxy</RequestId></ErrorResponse>");
  }

  @Test
  void sendsTheErrorOfSqsInTheHeaderOfItsFormerProtocolToo() {
    var headers = Headers.none().with("X-Amz-Target", "AmazonSQS.ReceiveMessage");
    var call =
        CallReader.read(
            Caller.of("lock"), new HttpRequest("POST", "/", headers, "{}".getBytes(UTF_8)));

    assertThat(Answers.refused(call, Answers.Refusal.UNAVAILABLE).header("x-amzn-query-error"))
        .contains("ServiceUnavailable;Receiver");
  }

  @Test
  void givesErrorsOfDynamoDbTheirChecksum() {
    var headers = Headers.none().with("X-Amz-Target", "DynamoDB_20120810.PutItem");
    var call =
        CallReader.read(
            Caller.of("lock"), new HttpRequest("POST", "/", headers, "{}".getBytes(UTF_8)));

    var answer = Answers.refused(call, Answers.Refusal.INTERNAL_ERROR);

    assertThat(answer.header("x-amz-crc32")).contains(Checksums.crc32(answer.response().body()));
  }
}
