package io.smartdoor.faults;

import java.net.URI;
import java.util.Map;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** A process of its own, for a test to kill: puts one item, and says so by ending well. */
final class OnePut {

  private OnePut() {}

  /** Endpoint, region, account, table, id. */
  public static void main(String[] args) {
    try (var tables =
        DynamoDbClient.builder()
            .endpointOverride(URI.create(args[0]))
            .region(Region.of(args[1]))
            .credentialsProvider(
                StaticCredentialsProvider.create(AwsBasicCredentials.create(args[2], "local")))
            .httpClientBuilder(Apache5HttpClient.builder())
            .build()) {
      tables.putItem(it -> it.tableName(args[3]).item(Map.of("id", AttributeValue.fromS(args[4]))));
    }
  }
}
