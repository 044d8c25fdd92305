package io.smartdoor.messaging;

import io.awspring.cloud.autoconfigure.core.AwsClientBuilderConfigurer;
import java.time.Duration;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;

/**
 * Builds AWS clients for use from many virtual threads: a connection for each of them, and no call
 * that waits for ever. Region, endpoint and credentials are Spring Cloud AWS's.
 */
public final class AwsClients {

  /** What one try of a call may take; a healthy one takes milliseconds. */
  private static final Duration TRY = Duration.ofSeconds(5);

  /** What a call may take with the SDK's own tries and pauses: less than the default lease. */
  private static final Duration CALL = Duration.ofSeconds(12);

  /** What a call may take beyond the time for which it is meant to be held open. */
  private static final Duration ANSWER = Duration.ofSeconds(5);

  /** The SDK's default is 50, and a subscription alone handles 100 events at once. */
  private static final int CONNECTIONS = 200;

  private AwsClients() {}

  /** The client that {@code builder} stands for. */
  public static <C, B extends AwsSyncClientBuilder<B, C> & AwsClientBuilder<B, C>> C build(
      AwsClientBuilderConfigurer configurer, B builder) {
    configurer.configure(builder);
    return builder
        .overrideConfiguration(
            builder.overrideConfiguration().toBuilder()
                .apiCallAttemptTimeout(TRY)
                .apiCallTimeout(CALL)
                .build())
        .httpClientBuilder(Apache5HttpClient.builder().maxConnections(CONNECTIONS))
        .build();
  }

  /**
   * For a call that the service holds open for up to {@code duration}, if it has nothing to say.
   */
  public static AwsRequestOverrideConfiguration heldOpenFor(Duration duration) {
    return AwsRequestOverrideConfiguration.builder()
        .apiCallAttemptTimeout(duration.plus(ANSWER))
        .apiCallTimeout(duration.plus(ANSWER).multipliedBy(2))
        .build();
  }
}
