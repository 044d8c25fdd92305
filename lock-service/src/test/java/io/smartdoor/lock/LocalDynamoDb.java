package io.smartdoor.lock;

import io.smartdoor.infra.testing.LocalAws;
import java.util.List;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** DynamoDB for tests of adapters. */
public final class LocalDynamoDb {

  private LocalDynamoDb() {}

  /** A client of that account; {@code watchers} see, and may spoil, each call. */
  public static DynamoDbClient of(LocalAws aws, ExecutionInterceptor... watchers) {
    return DynamoDbClient.builder()
        .overrideConfiguration(it -> List.of(watchers).forEach(it::addExecutionInterceptor))
        .endpointOverride(aws.endpoint())
        .region(Region.of(aws.region()))
        .credentialsProvider(
            StaticCredentialsProvider.create(
                AwsBasicCredentials.create(aws.accessKeyId(), aws.secretAccessKey())))
        .build();
  }
}
