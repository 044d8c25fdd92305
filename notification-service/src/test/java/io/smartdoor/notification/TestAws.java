package io.smartdoor.notification;

import io.smartdoor.infra.testing.LocalAws;
import io.smartdoor.notification.recipient.DynamoDbPresence;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.eventbridge.EventBridgeClient;
import software.amazon.awssdk.services.sqs.SqsClient;

/** The AWS that these tests share, and clients for it. */
public final class TestAws {

  public static final LocalAws AWS = LocalAws.withStacks("notification");

  private static final DynamoDbClient DYNAMO_DB = configured(DynamoDbClient.builder()).build();
  private static final EventBridgeClient EVENT_BRIDGE =
      configured(EventBridgeClient.builder()).build();
  private static final SqsClient SQS = configured(SqsClient.builder()).build();

  private TestAws() {}

  public static DynamoDbClient dynamoDb() {
    return DYNAMO_DB;
  }

  public static EventBridgeClient eventBridge() {
    return EVENT_BRIDGE;
  }

  public static SqsClient sqs() {
    return SQS;
  }

  /** The physical name behind an output of this service's stack. */
  public static String nameOf(String output) {
    return AWS.output("notification", output);
  }

  public static DynamoDbPresence presence() {
    return new DynamoDbPresence(nameOf("RecipientsTable"));
  }

  private static <B extends AwsClientBuilder<B, ?>> B configured(B builder) {
    return builder
        .endpointOverride(AWS.endpoint())
        .region(Region.of(AWS.region()))
        .credentialsProvider(
            StaticCredentialsProvider.create(
                AwsBasicCredentials.create(AWS.accessKeyId(), AWS.secretAccessKey())));
  }
}
