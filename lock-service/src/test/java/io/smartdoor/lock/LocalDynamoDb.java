package io.smartdoor.lock;

import io.smartdoor.infra.testing.LocalAws;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** DynamoDB for tests of adapters. */
public final class LocalDynamoDb {

  private LocalDynamoDb() {}

  /** A client of that account. */
  public static DynamoDbClient of(LocalAws aws) {
    return DynamoDbClient.builder()
        .endpointOverride(aws.endpoint())
        .region(Region.of(aws.region()))
        .credentialsProvider(
            StaticCredentialsProvider.create(
                AwsBasicCredentials.create(aws.accessKeyId(), aws.secretAccessKey())))
        .build();
  }
}
