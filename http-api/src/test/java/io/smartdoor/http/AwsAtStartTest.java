package io.smartdoor.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.ConnectException;
import java.net.UnknownHostException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import software.amazon.awssdk.core.exception.SdkClientException;

class AwsAtStartTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "AWS_REGION | '' | AWS_REGION: expected a region such as eu-central-1, found none",
        "AWS_REGION | Frankfurt | AWS_REGION: expected a region such as eu-central-1, found"
            + " \"Frankfurt\"",
        "AWS_ENDPOINT_URL | banana | AWS_ENDPOINT_URL: expected an address such as"
            + " http://127.0.0.1:4566, found \"banana\"",
        "AWS_ENDPOINT_URL | localhost:4566 | AWS_ENDPOINT_URL: expected an address such as"
            + " http://127.0.0.1:4566, found \"localhost:4566\"",
        "AWS_ENDPOINT_URL | http:// | AWS_ENDPOINT_URL: expected an address such as"
            + " http://127.0.0.1:4566, found \"http://\"",
      })
  void whatCanBeNoPlaceIsRefused(String variable, String value, String message) {
    assertThatThrownBy(() -> in(Map.of(variable, value)).check())
        .isInstanceOf(UnusableSettingException.class)
        .hasMessage(message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"eu-central-1", "us-gov-west-1", "ap-southeast-2", "us-iso-east-1"})
  void aRegionIsTaken(String region) {
    var usable = Map.of("AWS_REGION", region, "AWS_ENDPOINT_URL", "http://127.0.0.1:4566");
    assertThatCode(() -> in(usable).check()).doesNotThrowAnyException();
  }

  @Test
  void whatIsNotGivenIsNotMissed() {
    var empty = Map.of("AWS_REGION", "eu-central-1", "AWS_ENDPOINT_URL", "");
    assertThatCode(() -> in(empty).check()).doesNotThrowAnyException();
    var elsewhere = Map.of("AWS_REGION", "", "spring.cloud.aws.region.static", "eu-central-1");
    assertThatCode(() -> in(elsewhere).check()).doesNotThrowAnyException();
  }

  @Test
  void nobodyAnsweringIsToldByAddressAndReason() {
    var aws = in(Map.of("AWS_ENDPOINT_URL", "http://127.0.0.1:9"));
    var refused =
        new ConnectException(
            "Connect to http://127.0.0.1:9 [/127.0.0.1] failed: Connection refused");

    assertThat(aws.lineFor(SdkClientException.create("Unable to execute HTTP request", refused)))
        .hasValue(
            "AWS_ENDPOINT_URL: expected an AWS at http://127.0.0.1:9, found Connection refused");
    assertThat(aws.lineFor(SdkClientException.create("", new UnknownHostException("nowhere"))))
        .hasValue(
            "AWS_ENDPOINT_URL: expected an AWS at http://127.0.0.1:9, found no host of that name");
    assertThat(in(Map.of("AWS_ENDPOINT_URL", "")).lineFor(SdkClientException.create("no route")))
        .hasValue("AWS_ENDPOINT_URL: expected AWS to answer, found no route");
  }

  @Test
  void whatTheSdkDidNotFindIsNamed() {
    var aws = in(Map.of());

    assertThat(aws.lineFor(SdkClientException.create("Unable to load region from any of the …")))
        .hasValue("AWS_REGION: expected a region such as eu-central-1, found none");
    assertThat(aws.lineFor(SdkClientException.create("Unable to load credentials from any of …")))
        .hasValue("AWS_ACCESS_KEY_ID: expected credentials, or a role that has some, found none");
    assertThat(aws.lineFor(new IllegalStateException("a mistake"))).isEmpty();
  }

  private static AwsAtStart in(Map<String, String> given) {
    var environment = new StandardEnvironment();
    environment.getPropertySources().addFirst(new MapPropertySource("given", Map.copyOf(given)));
    return new AwsAtStart(environment);
  }
}
