package io.smartdoor.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;

class AwsFailureTest {

  @ParameterizedTest
  @CsvSource({
    "400, ThrottlingException, CROWDED",
    "400, ProvisionedThroughputExceededException, CROWDED",
    "429, TooManyRequestsException, CROWDED",
    "500, InternalServerError, OUTAGE",
    "503, ServiceUnavailable, OUTAGE",
    "400, AccessDeniedException, BLOCKED",
    "400, ExpiredTokenException, BLOCKED",
    "400, UnrecognizedClientException, BLOCKED",
    "400, ResourceNotFoundException, BLOCKED",
    "400, SomethingNew, BLOCKED"
  })
  void sortsAnAnswerByWhoEndsIt(int status, String code, AwsFailure expected) {
    var failure = answer(status, code);

    assertThat(AwsFailure.of(failure)).isEqualTo(expected);
    assertThat(AwsFailure.codeOf(failure)).isEqualTo(code);
  }

  @Test
  void takesSilenceForAnOutage() {
    for (SdkException failure :
        new SdkException[] {
          SdkClientException.create("connection refused"), ApiCallTimeoutException.create(12_000)
        }) {
      assertThat(AwsFailure.of(failure)).isEqualTo(AwsFailure.OUTAGE);
      assertThat(AwsFailure.codeOf(failure)).isEqualTo("unreachable");
    }
  }

  @Test
  void namesAnAnswerWithoutACodeByItsStatus() {
    var failure = DynamoDbException.builder().statusCode(502).build();

    assertThat(AwsFailure.of((SdkException) failure)).isEqualTo(AwsFailure.OUTAGE);
    assertThat(AwsFailure.codeOf((SdkException) failure)).isEqualTo("status-502");
  }

  private static SdkException answer(int status, String code) {
    return (SdkException)
        DynamoDbException.builder()
            .statusCode(status)
            .awsErrorDetails(AwsErrorDetails.builder().errorCode(code).build())
            .build();
  }
}
