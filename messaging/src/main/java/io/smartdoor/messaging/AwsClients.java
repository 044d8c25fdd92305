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
 *
 * <p>A try ends when its connection has been silent for too long, and a call when it has taken too
 * long, whatever trickles in. The SDK has a timer for tries as well, which is not used: it costs a
 * service about an eighth of its CPU under load (docs/decisions/0018).
 */
public final class AwsClients {

  /** How long a try may hear nothing; a healthy one takes milliseconds. */
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
    return buildToHoldOpen(configurer, builder, Duration.ZERO);
  }

  /**
   * The client that {@code builder} stands for, some of whose calls the service holds open.
   *
   * @param duration for how long at most, if it has nothing to say
   */
  public static <C, B extends AwsSyncClientBuilder<B, C> & AwsClientBuilder<B, C>>
      C buildToHoldOpen(AwsClientBuilderConfigurer configurer, B builder, Duration duration) {
    configurer.configure(builder);
    return limited(builder, TRY.plus(duration), CALL);
  }

  static <C, B extends AwsSyncClientBuilder<B, C> & AwsClientBuilder<B, C>> C limited(
      B builder, Duration silence, Duration call) {
    return builder
        .overrideConfiguration(
            builder.overrideConfiguration().toBuilder().apiCallTimeout(call).build())
        .httpClientBuilder(
            Apache5HttpClient.builder()
                .maxConnections(CONNECTIONS)
                .connectionAcquisitionTimeout(silence)
                .socketTimeout(silence))
        .build();
  }

  /**
   * For a call that the service holds open for up to {@code duration}, if it has nothing to say; of
   * a client that was {@linkplain #buildToHoldOpen built} for that.
   */
  public static AwsRequestOverrideConfiguration heldOpenFor(Duration duration) {
    return AwsRequestOverrideConfiguration.builder()
        .apiCallTimeout(duration.plus(ANSWER).multipliedBy(2))
        .build();
  }
}
