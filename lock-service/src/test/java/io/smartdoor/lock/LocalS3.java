package io.smartdoor.lock;

import io.smartdoor.infra.testing.LocalAws;
import java.util.List;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/** S3 for tests of adapters. */
public final class LocalS3 {

  private LocalS3() {}

  /** A client of that account; {@code watchers} see, and may spoil, each call. */
  public static S3Client of(LocalAws aws, ExecutionInterceptor... watchers) {
    return S3Client.builder()
        .forcePathStyle(true)
        .overrideConfiguration(it -> List.of(watchers).forEach(it::addExecutionInterceptor))
        .endpointOverride(aws.endpoint())
        .region(Region.of(aws.region()))
        .credentialsProvider(
            StaticCredentialsProvider.create(
                AwsBasicCredentials.create(aws.accessKeyId(), aws.secretAccessKey())))
        .build();
  }
}
