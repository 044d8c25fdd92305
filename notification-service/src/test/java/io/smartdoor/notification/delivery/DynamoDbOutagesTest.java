package io.smartdoor.notification.delivery;

import static io.smartdoor.notification.Events.frontDoorIs;
import static io.smartdoor.notification.Events.received;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.smartdoor.events.DoorState;
import io.smartdoor.messaging.consuming.HandlingOutcome;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.dynamodb.model.CancellationReason;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.InternalServerErrorException;
import software.amazon.awssdk.services.dynamodb.model.ProvisionedThroughputExceededException;
import software.amazon.awssdk.services.dynamodb.model.ResourceNotFoundException;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;

@ExtendWith(OutputCaptureExtension.class)
class DynamoDbOutagesTest {

  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

  static Stream<RuntimeException> outages() {
    return Stream.of(
        SdkClientException.create("connection refused"),
        ApiCallTimeoutException.create(12_000),
        InternalServerErrorException.builder().statusCode(500).build(),
        ProvisionedThroughputExceededException.builder()
            .statusCode(400)
            .awsErrorDetails(
                AwsErrorDetails.builder()
                    .errorCode("ProvisionedThroughputExceededException")
                    .build())
            .build());
  }

  static Stream<RuntimeException> refusals() {
    return Stream.of(
        ResourceNotFoundException.builder().statusCode(400).build(),
        refusal("AccessDeniedException"),
        refusal("ExpiredTokenException"),
        refusal("UnrecognizedClientException"),
        refusal("ValidationException"));
  }

  @ParameterizedTest
  @MethodSource("outages")
  void anOutageCostsTheEventNoAttempt(RuntimeException outage, CapturedOutput log) {
    assertThat(handleWith(outage)).isEqualTo(HandlingOutcome.retryLater(DynamoDbOutages.DELAY));

    assertThat(log.getAll()).contains("WARN").doesNotContain("ERROR");
    assertThat(DynamoDbOutages.isOutage(outage)).isTrue();
  }

  /**
   * Nothing is wrong with the event: an evening's events are no dead letters for a wrong policy.
   */
  @ParameterizedTest
  @MethodSource("refusals")
  void aMistakeInTheSetUpCostsTheEventNoAttemptEitherAndCallsForHelp(
      RuntimeException refusal, CapturedOutput log) {
    assertThat(handleWith(refusal)).isEqualTo(HandlingOutcome.retryLater(DynamoDbOutages.DELAY));

    assertThat(log.getAll().lines().filter(line -> line.contains("ERROR"))).hasSize(1);
    assertThat(postponed("blocked")).isEqualTo(1);
    assertThat(DynamoDbOutages.isOutage(refusal)).isTrue();
  }

  @Test
  void aMistakeOfOursDoes() {
    var mistake = new IllegalStateException("expected an attribute seq");

    assertThatThrownBy(() -> handleWith(mistake)).isSameAs(mistake);
    assertThat(DynamoDbOutages.isOutage(mistake)).isFalse();
  }

  @Test
  void anInboxThatTakesNothingMoreIsNoOutageAndCostsAnAttempt() {
    var cancelled =
        TransactionCanceledException.builder()
            .statusCode(400)
            .cancellationReasons(
                CancellationReason.builder().code("ItemCollectionSizeLimitExceeded").build())
            .build();

    assertThat(DynamoDbOutages.isOutage(cancelled)).isFalse();
    assertThatThrownBy(() -> handleWith(cancelled)).isSameAs(cancelled);
  }

  @Test
  void anOutcomeIsPassedOn() {
    var outcome = HandlingOutcome.rejected("because");

    var handler = new DynamoDbOutages(_ -> outcome, meters);
    assertThat(handler.handle(received(frontDoorIs(DoorState.OPEN)))).isEqualTo(outcome);
  }

  private static RuntimeException refusal(String code) {
    return DynamoDbException.builder()
        .statusCode(400)
        .awsErrorDetails(AwsErrorDetails.builder().errorCode(code).build())
        .build();
  }

  private double postponed(String cause) {
    return meters.get("smartdoor.notification.postponed").tag("cause", cause).counter().count();
  }

  private HandlingOutcome handleWith(RuntimeException failure) {
    var handler =
        new DynamoDbOutages(
            _ -> {
              throw failure;
            },
            meters);
    return handler.handle(received(frontDoorIs(DoorState.OPEN)));
  }
}
