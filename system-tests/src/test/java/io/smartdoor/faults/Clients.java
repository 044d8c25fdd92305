package io.smartdoor.faults;

import io.smartdoor.infra.testing.LocalAws;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.api.RetryStrategy;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.eventbridge.EventBridgeClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.sfn.SfnClient;
import software.amazon.awssdk.services.sqs.SqsAsyncClient;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.utils.SdkAutoCloseable;

/** The real SDK's clients at one endpoint, as one caller has them. */
public final class Clients implements AutoCloseable {

  private final LocalAws aws;
  private final URI endpoint;
  private final RetryStrategy retries;
  private final List<SdkAutoCloseable> made = new ArrayList<>();

  private Clients(LocalAws aws, URI endpoint, RetryStrategy retries) {
    this.aws = aws;
    this.endpoint = endpoint;
    this.retries = retries;
  }

  /** Clients that try once, so that a test sees what the SDK sees. */
  public static Clients at(URI endpoint, LocalAws aws) {
    return new Clients(aws, endpoint, AwsRetryStrategy.doNotRetry());
  }

  /** Clients that repeat a call as they do by default. */
  static Clients retryingAt(URI endpoint, LocalAws aws) {
    return new Clients(aws, endpoint, AwsRetryStrategy.standardRetryStrategy());
  }

  public DynamoDbClient tables() {
    return sync(DynamoDbClient.builder());
  }

  public SqsClient queues() {
    return sync(SqsClient.builder());
  }

  /** Over Netty, as Spring Cloud AWS's listeners have it. */
  SqsAsyncClient queuesOverNetty() {
    return kept(configured(SqsAsyncClient.builder()).build());
  }

  public EventBridgeClient buses() {
    return sync(EventBridgeClient.builder());
  }

  public SfnClient workflows() {
    return sync(SfnClient.builder());
  }

  public S3Client buckets() {
    return sync(S3Client.builder().forcePathStyle(true));
  }

  @Override
  public void close() {
    made.forEach(SdkAutoCloseable::close);
  }

  private <
          C extends SdkAutoCloseable, B extends AwsSyncClientBuilder<B, C> & AwsClientBuilder<B, C>>
      C sync(B builder) {
    var http = Apache5HttpClient.builder().maxConnections(100);
    return kept(configured(builder).httpClientBuilder(http).build());
  }

  private <B extends AwsClientBuilder<B, ?>> B configured(B builder) {
    return builder
        .endpointOverride(endpoint)
        .region(Region.of(aws.region()))
        .credentialsProvider(
            StaticCredentialsProvider.create(
                AwsBasicCredentials.create(aws.accessKeyId(), aws.secretAccessKey())))
        .overrideConfiguration(it -> it.retryStrategy(retries));
  }

  private <C extends SdkAutoCloseable> C kept(C client) {
    made.add(client);
    return client;
  }
}
