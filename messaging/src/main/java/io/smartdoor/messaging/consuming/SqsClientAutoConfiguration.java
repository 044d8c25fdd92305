package io.smartdoor.messaging.consuming;

import io.awspring.cloud.autoconfigure.sqs.SqsAsyncClientCustomizer;
import io.awspring.cloud.autoconfigure.sqs.SqsAutoConfiguration;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.http.nio.netty.SdkEventLoopGroup;
import software.amazon.awssdk.services.sqs.SqsAsyncClientBuilder;

/** Makes Spring Cloud AWS's SQS client one that stops at once and that no lost answer blocks. */
@AutoConfiguration(before = SqsAutoConfiguration.class)
@ConditionalOnProperty(name = "spring.cloud.aws.sqs.enabled", matchIfMissing = true)
final class SqsClientAutoConfiguration {

  @Bean
  OwnEventLoop smartdoorSqsEventLoop() {
    return new OwnEventLoop();
  }

  /**
   * An event loop that is closed without delay, after the client that uses it: one of the SDK's own
   * waits two quiet seconds, most of what a service may take to stop.
   */
  static final class OwnEventLoop implements SqsAsyncClientCustomizer, AutoCloseable {

    /** Longer than the longest long poll, which is 20 s. */
    private static final Duration TRY = Duration.ofSeconds(25);

    private static final Duration CALL = Duration.ofSeconds(30);

    /** The SDK's default is 50; ten polls of a subscription and its acknowledgements are more. */
    private static final int CONNECTIONS = 200;

    private final SdkEventLoopGroup group = SdkEventLoopGroup.builder().build();

    @Override
    public void customize(SqsAsyncClientBuilder builder) {
      builder
          .overrideConfiguration(
              builder.overrideConfiguration().toBuilder()
                  .apiCallAttemptTimeout(TRY)
                  .apiCallTimeout(CALL)
                  .build())
          .httpClientBuilder(
              NettyNioAsyncHttpClient.builder().eventLoopGroup(group).maxConcurrency(CONNECTIONS));
    }

    @Override
    public void close() {
      group
          .eventLoopGroup()
          .shutdownGracefully(0, 1, TimeUnit.SECONDS)
          .awaitUninterruptibly(1, TimeUnit.SECONDS);
    }
  }
}
