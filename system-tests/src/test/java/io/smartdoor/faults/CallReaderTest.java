package io.smartdoor.faults;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CallReaderTest {

  private static final String SIGNATURE =
      "AWS4-HMAC-SHA256 Credential=000000000000/20260101/eu-central-1/%s/aws4_request, Signature=x";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          DynamoDB_20120810.PutItem | {"TableName": "doors"} | DynamoDB PutItem | doors
          DynamoDB_20120810.GetItem | {"TableName": "arn:aws:dynamodb:eu-central-1:1:table/doors"} | DynamoDB GetItem | doors
          DynamoDB_20120810.ListTables | {} | DynamoDB ListTables | ''
          DynamoDB_20120810.TransactWriteItems | {"TransactItems": [{"Put": {"TableName": "a"}}, {"Update": {"TableName": "b"}}, {"Put": {"TableName": "a"}}]} | DynamoDB TransactWriteItems | a+b
          DynamoDB_20120810.BatchGetItem | {"RequestItems": {"a": {}, "b": {}}} | DynamoDB BatchGetItem | a+b
          AmazonSQS.SendMessage | {"QueueUrl": "http://localhost:4566/000000000000/openings"} | SQS SendMessage | openings
          AmazonSQS.GetQueueUrl | {"QueueName": "openings"} | SQS GetQueueUrl | openings
          AWSEvents.PutEvents | {"Entries": [{"EventBusName": "arn:aws:events:eu-central-1:1:event-bus/smartdoor"}, {}]} | EventBridge PutEvents | smartdoor+default
          AWSEvents.PutRule | {"Name": "all", "EventBusName": "smartdoor"} | EventBridge PutRule | smartdoor
          AWSStepFunctions.StartExecution | {"stateMachineArn": "arn:aws:states:eu-central-1:1:stateMachine:identify", "name": "x"} | Step Functions StartExecution | identify
          AWSStepFunctions.StopExecution | {"executionArn": "arn:aws:states:eu-central-1:1:execution:identify:x"} | Step Functions StopExecution | identify
          AWSStepFunctions.SendTaskSuccess | {"taskToken": "x", "output": "{}"} | Step Functions SendTaskSuccess | ''
          secretsmanager.GetSecretValue | {"SecretId": "lock-data-key"} | Secrets Manager GetSecretValue | lock-data-key
          secretsmanager.GetSecretValue | {"SecretId": "arn:aws:secretsmanager:eu-central-1:1:secret:lock-data-key-AbC123"} | Secrets Manager GetSecretValue | lock-data-key
          """)
  void readsTheJsonProtocols(String target, String body, String operation, String resource) {
    var call = read("POST", "/", body, Map.of("X-Amz-Target", target));

    assertThat(call.operation()).hasToString(operation);
    assertThat(call.resource()).isEqualTo(resource);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          sts            | Action=GetCallerIdentity&Version=2011-06-15 | STS GetCallerIdentity | ''
          cloudformation | Action=DescribeStacks&StackName=smart%2Ddoor | CloudFormation DescribeStacks | smart-door
          sqs            | Action=SendMessage&QueueUrl=http%3A%2F%2Fhost%2F1%2Fopenings&MessageBody=x | SQS SendMessage | openings
          """)
  void readsTheQueryProtocol(String service, String form, String operation, String resource) {
    var call =
        read(
            "POST",
            "/",
            form,
            Map.of(
                "Content-Type",
                "application/x-www-form-urlencoded; charset=utf-8",
                "Authorization",
                SIGNATURE.formatted(service)));

    assertThat(call.operation()).hasToString(operation);
    assertThat(call.resource()).isEqualTo(resource);
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /, S3 ListBuckets, ''",
    "PUT, /snapshots, S3 CreateBucket, snapshots",
    "GET, /snapshots?list-type=2&prefix=a, S3 ListObjectsV2, snapshots",
    "GET, /snapshots/?location, S3 GET ?location, snapshots",
    "POST, /snapshots?delete, S3 DeleteObjects, snapshots",
    "PUT, /snapshots/front/1.jpg?x-id=PutObject, S3 PutObject, snapshots/front/1.jpg",
    "GET, /snapshots/front%2F1%20a+b.jpg?versionId=1, S3 GetObject, snapshots/front/1 a+b.jpg",
    "HEAD, /snapshots/front, S3 HeadObject, snapshots/front",
    "POST, /snapshots/front?uploads, S3 CreateMultipartUpload, snapshots/front",
    "PUT, /snapshots/front?partNumber=1&uploadId=x, S3 UploadPart, snapshots/front",
    "POST, /snapshots/front?uploadId=x, S3 CompleteMultipartUpload, snapshots/front",
    "DELETE, /snapshots/front, S3 DeleteObject, snapshots/front",
    "GET, /snapshots/front?acl, S3 GET ?acl, snapshots/front"
  })
  void readsTheProtocolOfS3(String method, String target, String operation, String resource) {
    var call = read(method, target, "", Map.of("Authorization", SIGNATURE.formatted("s3")));

    assertThat(call.operation()).hasToString(operation);
    assertThat(call.resource()).isEqualTo(resource);
  }

  @Test
  void readsWhoseSignatureAPresignedAddressHas() {
    var call =
        read(
            "GET",
            "/snapshots/front?X-Amz-Credential=1%2F20260101%2Feu-central-1%2Fs3%2Faws4_request&X-Amz-Expires=9",
            "",
            Map.of());

    assertThat(call.operation()).hasToString("S3 GetObject");
  }

  @Test
  void namesWhatIsNoAwsByMethodAndPath() {
    var call = read("POST", "/v1/doors?x=1", "{}", Map.of("Authorization", "Bearer token"));

    assertThat(call.operation()).isEqualTo(new AwsOperation(AwsService.OTHER, "POST /v1/doors"));
  }

  @Test
  void knowsTheIndexThatAQueryAsks() {
    var target = Map.of("X-Amz-Target", "DynamoDB_20120810.Query");

    assertThat(read("POST", "/", "{\"TableName\": \"t\", \"IndexName\": \"i\"}", target).index())
        .contains("i");
    assertThat(read("POST", "/", "{\"TableName\": \"t\"}", target).index()).isEmpty();
    assertThat(read("POST", "/", "no JSON", target).index()).isEmpty();
  }

  private static AwsCall read(
      String method, String target, String body, Map<String, String> headers) {
    var all =
        headers.entrySet().stream()
            .map(it -> new Headers.Header(it.getKey(), it.getValue()))
            .toList();
    var request = new HttpRequest(method, target, new Headers(all), body.getBytes(UTF_8));
    return CallReader.read(Caller.of("lock"), request);
  }
}
