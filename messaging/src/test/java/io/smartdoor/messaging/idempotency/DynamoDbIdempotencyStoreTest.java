package io.smartdoor.messaging.idempotency;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.smartdoor.infra.testing.LocalAws;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemResponse;

/** On the table of the notification service's stack. */
class DynamoDbIdempotencyStoreTest extends IdempotencyStoreContract {

  private static final LocalAws AWS = LocalAws.withStacks("notification");
  private static final String TABLE = AWS.output("notification", "HandledTable");
  private static final DynamoDbClient CLIENT =
      DynamoDbClient.builder()
          .endpointOverride(AWS.endpoint())
          .region(Region.of(AWS.region()))
          .credentialsProvider(
              StaticCredentialsProvider.create(
                  AwsBasicCredentials.create(AWS.accessKeyId(), AWS.secretAccessKey())))
          .build();

  @Override
  IdempotencyStore store() {
    return new DynamoDbIdempotencyStore(CLIENT, TABLE, LEASE, clock, UUID::randomUUID);
  }

  @Test
  void letsDynamoDbForgetAnEvent90DaysAfterItWasHandled() {
    var granted = granted(store.claim(key));
    assertThat(expiry()).isEqualTo(CLAIMED_AT.plus(Duration.ofDays(90)).getEpochSecond());

    clock.advance(Duration.ofSeconds(10));
    store.complete(key, granted.token());
    assertThat(expiry()).isEqualTo(CLAIMED_AT.plus(Duration.ofDays(90)).getEpochSecond() + 10);
  }

  private long expiry() {
    var item =
        CLIENT
            .getItem(request ->
                request
                    .tableName(TABLE)
                    .consistentRead(true)
                    .key(Map.of("event", AttributeValue.fromS(key.toString()))))
            .item();
    return Long.parseLong(requireNonNull(item.get("expires-at")).n());
  }

  /** Every promise holds where the first answer to each write is lost and the SDK repeats it. */
  @Nested
  class WhenAnswersAreLost extends IdempotencyStoreContract {

    @Override
    IdempotencyStore store() {
      return new DynamoDbIdempotencyStore(
          new AnswersLost(CLIENT), TABLE, LEASE, clock, UUID::randomUUID);
    }
  }

  private record AnswersLost(DynamoDbClient dynamoDb) implements DynamoDbClient {

    @Override
    public UpdateItemResponse updateItem(UpdateItemRequest request) {
      dynamoDb.updateItem(request);
      return dynamoDb.updateItem(request);
    }

    @Override
    public String serviceName() {
      return dynamoDb.serviceName();
    }

    @Override
    public void close() {
      dynamoDb.close();
    }
  }
}
