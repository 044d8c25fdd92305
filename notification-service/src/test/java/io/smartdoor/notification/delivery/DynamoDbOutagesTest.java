package io.smartdoor.notification.delivery;

import static io.smartdoor.notification.Events.frontDoorIs;
import static io.smartdoor.notification.Events.received;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smartdoor.events.DoorState;
import io.smartdoor.messaging.consuming.HandlingOutcome;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.dynamodb.model.InternalServerErrorException;
import software.amazon.awssdk.services.dynamodb.model.ProvisionedThroughputExceededException;
import software.amazon.awssdk.services.dynamodb.model.ResourceNotFoundException;

class DynamoDbOutagesTest {

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

  static Stream<RuntimeException> mistakes() {
    return Stream.of(
        ResourceNotFoundException.builder().statusCode(400).build(),
        new IllegalStateException("expected an attribute seq"));
  }

  @ParameterizedTest
  @MethodSource("outages")
  void anOutageCostsTheEventNoAttempt(RuntimeException outage) {
    assertThat(handleWith(outage)).isEqualTo(HandlingOutcome.retryLater(DynamoDbOutages.DELAY));
  }

  @ParameterizedTest
  @MethodSource("mistakes")
  void aMistakeOfOursDoes(RuntimeException mistake) {
    assertThatThrownBy(() -> handleWith(mistake)).isSameAs(mistake);
  }

  @Test
  void anOutcomeIsPassedOn() {
    var outcome = HandlingOutcome.rejected("because");

    assertThat(new DynamoDbOutages(_ -> outcome).handle(received(frontDoorIs(DoorState.OPEN))))
        .isEqualTo(outcome);
  }

  private static HandlingOutcome handleWith(RuntimeException failure) {
    var handler =
        new DynamoDbOutages(_ -> {
          throw failure;
        });
    return handler.handle(received(frontDoorIs(DoorState.OPEN)));
  }
}
