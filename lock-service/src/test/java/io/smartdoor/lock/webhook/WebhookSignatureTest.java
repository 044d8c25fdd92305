package io.smartdoor.lock.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.smartdoor.lock.door.DoorKey;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WebhookSignatureTest {

  /** The published vectors of Standard Webhooks: of its PHP library, and of its Rust library. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw | msg_p5jXN8AQM9LWM0D4loKWxJek | 1614265330 | {"test": 2432232314}                                   | v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=
          whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD | msg_27UH4WbU6Z5A5EzD8u03UvzRbpk | 1649367553 | {"email":"test@example.com","username":"test_user"} | v1,tZ1I4/hDygAJgO5TYxiSd6Sd0kDW6hPenDe+bTa3Kkw=
          """)
  void matchesThePublishedVectors(
      String secret, String id, String timestamp, String body, String signature) {
    var key = DoorKey.of(secret);
    var bytes = body.getBytes(UTF_8);

    assertThat(matches(id, timestamp, bytes, signature, key)).isTrue();
    assertThat(matches(id + "x", timestamp, bytes, signature, key)).isFalse();
    assertThat(matches(id, "1614265331", bytes, signature, key)).isFalse();
    assertThat(matches(id, timestamp, (body + " ").getBytes(UTF_8), signature, key)).isFalse();
    assertThat(matches(id, timestamp, bytes, signature, DoorKey.of("whsec_AAAA"))).isFalse();
  }

  @Test
  void acceptsAnyOfSeveralSignaturesAndIgnoresOtherVersions() {
    var good = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
    var bad = "v1,Ceo5qEr07ixe2NLpvHk3FH9bwy/WavXrAFQ/9tdO6mc=";

    assertThat(firstVector(bad + " " + good)).isTrue();
    assertThat(firstVector(good + "  " + bad)).isTrue();
    assertThat(firstVector("v1a,abc v9,?? " + good)).isTrue();
    assertThat(firstVector(bad)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "v1",
        "v1,",
        "g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
        "v2,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
        "v1a,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
        "V1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
        "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE",
        "v1, g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
        "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1O",
        "v1,héé"
      })
  void refusesWhateverElseTheHeaderSays(String header) {
    assertThat(firstVector(header)).isFalse();
  }

  @Test
  void believesFiveMinutesEitherWay() {
    var now = Instant.ofEpochSecond(1_614_265_330);

    for (var seconds : List.of(-300, 0, 300)) {
      assertThat(WebhookSignature.isOutOfTime(now.plusSeconds(seconds), now)).isFalse();
    }
    for (var seconds : List.of(-301, 301)) {
      assertThat(WebhookSignature.isOutOfTime(now.plusSeconds(seconds), now)).isTrue();
    }
  }

  private static boolean firstVector(String signature) {
    return matches(
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "1614265330",
        "{\"test\": 2432232314}".getBytes(UTF_8),
        signature,
        DoorKey.of("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"));
  }

  private static boolean matches(
      String id, String timestamp, byte[] body, String signature, DoorKey key) {
    var headers =
        new WebhookHeaders(new WebhookId(id), timestamp, WebhookHeaders.signatures(signature));
    return WebhookSignature.matches(headers, body, key);
  }
}
