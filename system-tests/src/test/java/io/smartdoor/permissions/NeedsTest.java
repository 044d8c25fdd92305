package io.smartdoor.permissions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smartdoor.faults.AwsOperation;
import io.smartdoor.faults.AwsService;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

class NeedsTest {

  private static final Arns ARNS = new Arns("eu-central-1", "111122223333");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          DYNAMODB        | PutItem            | {"TableName": "doors"}                                | dynamodb:PutItem on arn:aws:dynamodb:eu-central-1:111122223333:table/doors
          DYNAMODB        | Query              | {"TableName": "doors", "IndexName": "by-name"}        | dynamodb:Query on arn:aws:dynamodb:eu-central-1:111122223333:table/doors/index/by-name
          DYNAMODB        | Query              | {"TableName": "doors"}                                | dynamodb:Query on arn:aws:dynamodb:eu-central-1:111122223333:table/doors
          EVENTBRIDGE     | DescribeEventBus   | {"Name": "smartdoor"}                                 | events:DescribeEventBus on arn:aws:events:eu-central-1:111122223333:event-bus/smartdoor
          SQS             | GetQueueUrl        | {"QueueName": "openings"}                             | sqs:GetQueueUrl on arn:aws:sqs:eu-central-1:111122223333:openings
          SQS             | DeleteMessageBatch | {"QueueUrl": "http://host/111122223333/openings"}     | sqs:DeleteMessage on arn:aws:sqs:eu-central-1:111122223333:openings
          STEP_FUNCTIONS  | StartExecution     | {"stateMachineArn": "arn:aws:states:x:1:stateMachine:y"} | states:StartExecution on arn:aws:states:x:1:stateMachine:y
          STEP_FUNCTIONS  | DescribeExecution  | {"executionArn": "arn:aws:states:x:1:execution:y:z"}  | states:DescribeExecution on arn:aws:states:x:1:execution:y:z
          SECRETS_MANAGER | GetSecretValue     | {"SecretId": "data-key"}                              | secretsmanager:GetSecretValue on arn:aws:secretsmanager:eu-central-1:111122223333:secret:data-key
          SECRETS_MANAGER | GetSecretValue     | {"SecretId": "arn:aws:secretsmanager:eu-central-1:111122223333:secret:data-key-AbC12f"} | secretsmanager:GetSecretValue on arn:aws:secretsmanager:eu-central-1:111122223333:secret:data-key
          """)
  void nameActionAndResourceOfACall(
      AwsService service, String operation, String body, String expected) {
    assertThat(needs(service, operation, body))
        .extracting(Permission::toString)
        .containsExactly(expected);
  }

  @Test
  void areThoseOfItsPartsForATransaction() {
    var transaction =
        """
        {"TransactItems": [
          {"Put": {"TableName": "inbox"}}, {"Update": {"TableName": "inbox"}},
          {"Delete": {"TableName": "inbox"}}, {"ConditionCheck": {"TableName": "recipients"}},
          {"Put": {"TableName": "inbox"}}]}
        """;

    assertThat(needs(AwsService.DYNAMODB, "TransactWriteItems", transaction))
        .containsExactly(
            Permission.of("dynamodb:PutItem", ARNS.table("inbox")),
            Permission.of("dynamodb:UpdateItem", ARNS.table("inbox")),
            Permission.of("dynamodb:DeleteItem", ARNS.table("inbox")),
            Permission.of("dynamodb:ConditionCheckItem", ARNS.table("recipients")));
    assertThatThrownBy(() ->
            needs(
                AwsService.DYNAMODB,
                "TransactWriteItems",
                "{\"TransactItems\": [{\"Get\": {\"TableName\": \"inbox\"}}]}"))
        .hasMessageContaining("found Get");
  }

  @Test
  void areThoseOfEachEntryThatIsPublished() {
    var entries =
        """
        {"Entries": [
          {"EventBusName": "smartdoor", "Source": "SmartDoor", "DetailType": "Door Status"},
          {"EventBusName": "smartdoor", "Source": "SmartDoor", "DetailType": "Door Status"},
          {"Source": "other"}]}
        """;

    assertThat(needs(AwsService.EVENTBRIDGE, "PutEvents", entries))
        .extracting(Permission::toString)
        .containsExactly(
            "events:PutEvents on arn:aws:events:eu-central-1:111122223333:event-bus/smartdoor"
                + " where events:detail-type = Door Status, events:source = SmartDoor",
            "events:PutEvents on arn:aws:events:eu-central-1:111122223333:event-bus/default"
                + " where events:source = other");
  }

  @ParameterizedTest
  @CsvSource({"PutObject, s3:PutObject", "HeadObject, s3:GetObject", "GetObject, s3:GetObject"})
  void areOnTheObjectForACallOfS3(String operation, String action) {
    var body = JsonMapper.shared().missingNode();
    var object = List.of("pictures/front/1.jpg");

    assertThat(Needs.of(new AwsOperation(AwsService.S3, operation), body, object, ARNS))
        .hasValue(List.of(Permission.of(action, "arn:aws:s3:::pictures/front/1.jpg")));
  }

  @Test
  void areUnknownForAnOperationThatNobodyHasLookedUp() {
    var operation = new AwsOperation(AwsService.DYNAMODB, "BatchWriteItem");

    assertThat(Needs.of(operation, JsonMapper.shared().createObjectNode(), List.of(), ARNS))
        .isEmpty();
  }

  @Test
  void allSayWhereAwsSaysSo() {
    assertThat(Needs.sources()).hasSizeGreaterThan(10);
    assertThat(Needs.sources().values())
        .allMatch(it -> it.startsWith("https://docs.aws.amazon.com/"));
  }

  private static List<Permission> needs(AwsService service, String operation, String body) {
    return Needs.of(
            new AwsOperation(service, operation),
            JsonMapper.shared().readTree(body),
            List.of(),
            ARNS)
        .orElseThrow();
  }
}
